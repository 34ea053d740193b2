/* member-inside.h: members that are no run of bytes: a message stored as streams of another. */
#pragma once

#include "extract.h"

/* Reads the member into its own sink. input: as a reader gets it, one deeper than outer's; its
 * bytes are still outer's. */
typedef gboolean (*ExtractInsideFunc) (const ExtractInput *input, gpointer user_data,
                                       ExtractSink *sink, GError **error);

/* extract_member() for such a one. format, mime_type: what it is. */
gboolean extract_member_inside (const ExtractInput *outer, const char *name, const char *format,
                                const char *mime_type, ExtractInsideFunc read, gpointer user_data,
                                ExtractSink *sink, GError **error);
