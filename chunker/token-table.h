/* token-table.h: the rank tables that are part of the program (bpe-table.h). */
#pragma once

#include <glib.h>

/* Of no bytes when the program was built without them. */
gconstpointer token_table_linked (gsize *bytes);
