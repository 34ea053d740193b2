/* code-language.h: the language of source code, as Markdown names it after a fence. */
#pragma once

#include <glib.h>

/* By the name's ending or the name itself ("Makefile"), otherwise by the first line ("#!/bin/sh").
 * head: NUL-terminated. NULL: it is no source code. Static. */
const char *code_language (const char *name, const char *head);
