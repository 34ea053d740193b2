/* language.h: which language a text is in, by its n-grams. */
#pragma once

#include <glib.h>

/* Reads the models. Once, before the sandbox. Without models there is no detection, no error. */
void language_warm_up (void);

/* BCP 47, primary tag ("en"); NULL when it cannot be told. text: valid UTF-8. (transfer full) */
char *language_detect (const char *text, gsize bytes);

/* What a file declares, as BCP 47: "en_US" becomes "en-US"; NULL when it is no tag.
 * (transfer full) */
char *language_normalise (const char *declared);
