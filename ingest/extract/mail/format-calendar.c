/* Calendars (iCalendar, RFC 5545) and address cards (vCard, RFC 6350): each event, task or card
 * with what is said of it, a line each. */
#include "content-line.h"
#include "ingest/extract/formats.h"
#include "mail-header.h"

#include <string.h>

typedef enum { SHOW_TEXT, SHOW_DATE, SHOW_PERSON, SHOW_PARTS } ShowAs;

typedef struct {
  const char *name;
  const char *label;
  ShowAs as;
} Property;

/* in the order of RFC 5545 and RFC 6350, that is also the order of most files */
static const Property properties[] = {
    {"DTSTART", "Start", SHOW_DATE},
    {"DTEND", "End", SHOW_DATE},
    {"DUE", "Due", SHOW_DATE},
    {"COMPLETED", "Completed", SHOW_DATE},
    {"LOCATION", "Location", SHOW_TEXT},
    {"ORGANIZER", "Organizer", SHOW_PERSON},
    {"ATTENDEE", "Attendee", SHOW_PERSON},
    {"CONTACT", "Contact", SHOW_TEXT},
    {"STATUS", "Status", SHOW_TEXT},
    {"CATEGORIES", "Categories", SHOW_TEXT},
    {"COMMENT", "Comment", SHOW_TEXT},
    {"URL", "URL", SHOW_TEXT},
    {"N", "Name", SHOW_PARTS},
    {"NICKNAME", "Nickname", SHOW_TEXT},
    {"ORG", "Organization", SHOW_PARTS},
    {"TITLE", "Title", SHOW_TEXT},
    {"ROLE", "Role", SHOW_TEXT},
    {"EMAIL", "E-mail", SHOW_TEXT},
    {"TEL", "Telephone", SHOW_TEXT},
    {"ADR", "Address", SHOW_PARTS},
    {"BDAY", "Birthday", SHOW_DATE},
    {"IMPP", "Messaging", SHOW_TEXT},
    {"NOTE", "Note", SHOW_TEXT},
};

typedef struct {
  ExtractSink *sink;
  GString *lines;       /* "Label: value" of the component */
  char *heading;        /* (nullable) */
  char *description;    /* (nullable) */
  guint depth;          /* of components */
  guint skipped;        /* from that depth on: time zones, alarms */
  gboolean has_heading; /* the file has one already: its title */
} CalendarReader;

static void
reader_clear (CalendarReader *reader)
{
  g_string_free (reader->lines, TRUE);
  g_free (reader->heading);
  g_free (reader->description);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CalendarReader, reader_clear)

static gboolean
flush (CalendarReader *reader, GError **error)
{
  gboolean ok = TRUE;

  if (reader->heading != NULL) {
    if (!reader->has_heading)
      extract_meta (reader->sink, "title", reader->heading);
    reader->has_heading = TRUE;
    ok = extract_heading (reader->sink, 2, 0, reader->heading, -1, error);
  }
  ok = ok &&
       extract_paragraph (reader->sink, 0, reader->lines->str, (gssize)reader->lines->len, error);
  if (ok && reader->description != NULL)
    ok = extract_paragraph (reader->sink, 0, reader->description, -1, error);
  g_string_truncate (reader->lines, 0);
  g_clear_pointer (&reader->heading, g_free);
  g_clear_pointer (&reader->description, g_free);
  return ok;
}

/* "Ann Lee <ann@example.org>" (transfer full) */
static char *
person (const ContentLine *line)
{
  g_autofree char *name = content_line_parameter (line, "CN");
  const char *address = line->value;

  if (g_ascii_strncasecmp (address, "mailto:", 7) == 0)
    address += 7;
  return name != NULL && *name != '\0' && strcmp (name, address) != 0
             ? g_strdup_printf ("%s <%s>", name, address)
             : g_strdup (address);
}

/* Fields parted by ';', the empty ones left out. (transfer full) */
static char *
parts (const char *value)
{
  g_auto (GStrv) fields = g_strsplit (value, ";", -1);
  g_autoptr (GString) out = g_string_new (NULL);

  for (char **field = fields; *field != NULL; field++)
    if (*g_strstrip (*field) != '\0')
      g_string_append_printf (out, "%s%s", out->len > 0 ? ", " : "", *field);
  return g_string_free (g_steal_pointer (&out), FALSE);
}

static void
add_line (CalendarReader *reader, const Property *property, const ContentLine *line)
{
  g_autofree char *text = property->as == SHOW_DATE     ? content_line_date (line)
                          : property->as == SHOW_PERSON ? person (line)
                          : property->as == SHOW_PARTS  ? parts (line->value)
                                                        : g_strdup (line->value);

  if (*g_strstrip (text) != '\0')
    g_string_append_printf (reader->lines, "%s%s: %s", reader->lines->len > 0 ? "\n" : "",
                            property->label, text);
}

static void
set_once (char **target, const char *value)
{
  if (*target == NULL && *value != '\0')
    *target = g_strdup (value);
}

static void
take_property (CalendarReader *reader, const ContentLine *line)
{
  if (strcmp (line->name, "SUMMARY") == 0 || strcmp (line->name, "FN") == 0) {
    set_once (&reader->heading, line->value);
  } else if (strcmp (line->name, "DESCRIPTION") == 0) {
    set_once (&reader->description, line->value);
  } else {
    for (guint i = 0; i < G_N_ELEMENTS (properties); i++)
      if (strcmp (line->name, properties[i].name) == 0)
        add_line (reader, &properties[i], line);
  }
}

static gboolean
take_line (CalendarReader *reader, const ContentLine *line, GError **error)
{
  if (strcmp (line->name, "BEGIN") == 0) {
    reader->depth++;
    if (reader->skipped == 0 && (g_ascii_strcasecmp (line->value, "VTIMEZONE") == 0 ||
                                 g_ascii_strcasecmp (line->value, "VALARM") == 0))
      reader->skipped = reader->depth;
    return reader->skipped != 0 || flush (reader, error);
  }
  if (strcmp (line->name, "END") == 0) {
    gboolean was_skipped = reader->skipped != 0;

    if (reader->skipped == reader->depth)
      reader->skipped = 0;
    reader->depth -= reader->depth > 0;
    return was_skipped || flush (reader, error);
  }
  if (reader->skipped == 0)
    take_property (reader, line);
  return TRUE;
}

gboolean
extract_read_calendar (const ExtractInput *input, ExtractSink *sink, GError **error)
{
  gsize bytes;
  const guint8 *data = g_bytes_get_data (input->bytes, &bytes);
  g_autoptr (GString) text = mail_decode_bytes (data, bytes, NULL);
  g_auto (CalendarReader) reader = {.sink = sink, .lines = g_string_new (NULL)};
  g_auto (ContentLine) line = {0};
  const char *at = text->str;

  while (content_line_next (&at, text->str + text->len, &line)) {
    if (!take_line (&reader, &line, error))
      return FALSE;
    if (extract_time_is_up (sink))
      return extract_limit_error (error, "only what could be read in time");
  }
  return flush (&reader, error);
}
