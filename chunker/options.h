/* options.h: the chunker's options as its parts take them. */
#pragma once

#include "chunker.h"

/* With what 0 and NULL stand for put in. `options` are checked. */
ChunkerOptions chunker_options_resolved (const ChunkerOptions *options);
