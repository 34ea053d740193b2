/* A slide of a PowerPoint file, as the package has it. */
#include "reader.h"

static const FuzzPart parts[] = {
    {"[Content_Types].xml",
     "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Override "
     "PartName=\"/ppt/presentation.xml\" "
     "ContentType=\"application/"
     "vnd.openxmlformats-officedocument.presentationml.presentation.main+xml\"/></Types>"},
    {"_rels/.rels", "<Relationships "
                    "xmlns=\"http://schemas.openxmlformats.org/package/2006/"
                    "relationships\"><Relationship Id=\"r1\" "
                    "Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
                    "officeDocument\" Target=\"ppt/presentation.xml\"/></Relationships>"},
    {"ppt/presentation.xml",
     "<p:presentation xmlns:p=\"http://schemas.openxmlformats.org/presentationml/2006/main\" "
     "xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/"
     "relationships\"><p:sldIdLst><p:sldId id=\"256\" r:id=\"r1\"/></p:sldIdLst></p:presentation>"},
    {"ppt/_rels/presentation.xml.rels",
     "<Relationships "
     "xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship "
     "Id=\"r1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/slide\" "
     "Target=\"slides/slide1.xml\"/></Relationships>"},
    {"ppt/slides/slide1.xml", NULL},
};

FUZZ_PART (extract_read_pptx, "a.pptx", parts)
