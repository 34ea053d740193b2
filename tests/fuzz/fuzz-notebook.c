/* Jupyter notebooks.
 * seeds: ipynb */
#include "reader.h"

FUZZ_READER (extract_read_notebook, "a.ipynb")
