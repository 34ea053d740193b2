/* The text of a Word file, as the package has it. */
#include "reader.h"

static const FuzzPart parts[] = {
    {"[Content_Types].xml",
     "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Override "
     "PartName=\"/word/document.xml\" "
     "ContentType=\"application/"
     "vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml\"/></Types>"},
    {"_rels/.rels", "<Relationships "
                    "xmlns=\"http://schemas.openxmlformats.org/package/2006/"
                    "relationships\"><Relationship Id=\"r1\" "
                    "Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
                    "officeDocument\" Target=\"word/document.xml\"/></Relationships>"},
    {"word/document.xml", NULL},
};

FUZZ_PART (extract_read_docx, "a.docx", parts)
