/* page-furniture.h: headers and footers of printed sheets, in Excel's code (ECMA-376 part 1,
 * 18.3.1.39): "&L" "&C" "&R" part them, "&P" is the page's number, "&\"Arial,Bold\"&12" a font. */
#pragma once

#include <glib.h>

/* The words of it, its parts set off by tabs; what changes from page to page is left out.
 * sheet_name: for "&A". (transfer full) */
char *page_furniture_text (const char *code, const char *sheet_name);
