/* content-line.h: the lines of vCard (RFC 6350) and iCalendar (RFC 5545). */
#pragma once

#include <glib.h>

typedef struct {
  char *name;       /* upper case, without its group: "TEL" */
  char *parameters; /* "TYPE=work;CHARSET=utf-8", as they stand */
  char *value;      /* escapes resolved */
} ContentLine;

void content_line_clear (ContentLine *line);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ContentLine, content_line_clear)

/* The next line, unfolded, from `*at`; FALSE at the end. Lines without a name are passed over. */
gboolean content_line_next (const char **at, const char *end, ContentLine *line);

/* A parameter's value: "work" of TYPE. (transfer full) (nullable) */
char *content_line_parameter (const ContentLine *line, const char *name);

/* "20240131T093000Z" as "2024-01-31 09:30 UTC"; what is no date stays. (transfer full) */
char *content_line_date (const ContentLine *line);
