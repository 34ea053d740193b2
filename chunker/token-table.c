#include "token-table.h"

/* token-data.S */
extern const guint8 token_data[] __attribute__ ((visibility ("hidden")));
extern const guint8 token_data_end[] __attribute__ ((visibility ("hidden")));

gconstpointer
token_table_linked (gsize *bytes)
{
  /* two labels around one block, not two arrays */
  /* cppcheck-suppress comparePointers */
  *bytes = (gsize)(token_data_end - token_data);
  return token_data;
}
