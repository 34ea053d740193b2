/* The content of an OpenDocument file, as the package has it. */
#include "reader.h"

static const FuzzPart parts[] = {
    {"mimetype", "application/vnd.oasis.opendocument.text"},
    {"META-INF/manifest.xml",
     "<manifest:manifest "
     "xmlns:manifest=\"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0\"><manifest:file-entry "
     "manifest:full-path=\"/\" "
     "manifest:media-type=\"application/vnd.oasis.opendocument.text\"/></manifest:manifest>"},
    {"content.xml", NULL},
};

FUZZ_PART (extract_read_odf, "a.odt", parts)
