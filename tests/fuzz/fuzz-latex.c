/* LaTeX.
 * seeds: tex */
#include "reader.h"

FUZZ_READER (extract_read_latex, "a.tex")
