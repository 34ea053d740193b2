/* Records of BIFF12: the input is each binary part of a workbook but the first. */
#include "reader.h"

/* texts that hold no NUL: the workbook's part comes from the fuzzer, too, and names its sheet by
 * luck or by seed */
static const FuzzPart parts[] = {
    {"_rels/.rels",
     "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">"
     "<Relationship Id=\"r1\" "
     "Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" "
     "Target=\"xl/workbook.bin\"/>"
     "</Relationships>"},
    {"xl/_rels/workbook.bin.rels",
     "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">"
     "<Relationship Id=\"r1\" "
     "Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet\" "
     "Target=\"sheet1.bin\"/>"
     "<Relationship Id=\"r2\" "
     "Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles\" "
     "Target=\"sheet1.bin\"/>"
     "<Relationship Id=\"r3\" "
     "Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings\" "
     "Target=\"sheet1.bin\"/>"
     "</Relationships>"},
    {"xl/_rels/sheet1.bin.rels",
     "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">"
     "<Relationship Id=\"r1\" "
     "Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/comments\" "
     "Target=\"sheet1.bin\"/>"
     "</Relationships>"},
    {"xl/workbook.bin", NULL},
    {"xl/sheet1.bin", NULL},
};

FUZZ_PART (extract_read_xlsb, "a.xlsb", parts)
