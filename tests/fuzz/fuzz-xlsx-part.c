/* A sheet of an Excel file, as the package has it. */
#include "reader.h"

static const FuzzPart parts[] = {
    {"[Content_Types].xml",
     "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Override "
     "PartName=\"/xl/workbook.xml\" "
     "ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml\"/"
     "></Types>"},
    {"_rels/.rels", "<Relationships "
                    "xmlns=\"http://schemas.openxmlformats.org/package/2006/"
                    "relationships\"><Relationship Id=\"r1\" "
                    "Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
                    "officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"},
    {"xl/workbook.xml",
     "<workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" "
     "xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/"
     "relationships\"><sheets><sheet name=\"One\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>"},
    {"xl/_rels/workbook.xml.rels",
     "<Relationships "
     "xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship "
     "Id=\"r1\" "
     "Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet\" "
     "Target=\"worksheets/sheet1.xml\"/></Relationships>"},
    {"xl/worksheets/sheet1.xml", NULL},
};

FUZZ_PART (extract_read_xlsx, "a.xlsx", parts)
