/* mapi-message.h: a message of Outlook, whatever file it came in. */
#pragma once

#include "ingest/extract/extract.h"
#include "mapi.h"

typedef struct {
  MapiProperties *properties;
  GPtrArray *recipients; /* (element-type MapiProperties) (nullable) */
} MapiMessage;

/* Subject, the headers that matter, what kinds other than mail have (dates of an appointment,
 * numbers of a contact), the body. Attachments are left to the caller. */
gboolean mapi_message_read (const ExtractInput *input, const MapiMessage *message,
                            ExtractSink *sink, GError **error);

/* The name that the attachment goes by. number: for one without. (transfer full) */
char *mapi_attachment_name (const MapiProperties *attachment, guint number);

/* Is it part of how the body looks: a picture in the page? */
gboolean mapi_attachment_is_resource (const MapiProperties *attachment);
