/* ods-chart.h: titles of a chart in ODF (OpenDocument 1.3 part 3, 11). What it shows stands in the
 * sheet. */
#pragma once

#include "ingest/extract/markup/xml-parts.h"

typedef struct OdsChart OdsChart;

OdsChart *ods_chart_new (void);
void ods_chart_free (OdsChart *chart);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OdsChart, ods_chart_free)

/* For xml_part_read with the chart as user_data: of the object's content.xml. */
extern const XmlPartFuncs ods_chart_funcs;

/* The titles, a line each; borrowed. */
const char *ods_chart_text (const OdsChart *chart);
