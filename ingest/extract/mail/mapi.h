/* mapi.h: MAPI properties (MS-OXPROPS, MS-OXCDATA 2.11), as Outlook's messages hold them: in msg
 * files (MS-OXMSG) and in winmail.dat (MS-OXTNEF). */
#pragma once

#include <glib.h>

/* Types of values (MS-OXCDATA 2.11.1). */
typedef enum {
  MAPI_INTEGER16 = 0x0002,
  MAPI_INTEGER32 = 0x0003,
  MAPI_FLOAT32 = 0x0004,
  MAPI_FLOAT64 = 0x0005,
  MAPI_CURRENCY = 0x0006,
  MAPI_APP_TIME = 0x0007,
  MAPI_ERROR = 0x000a,
  MAPI_BOOLEAN = 0x000b,
  MAPI_OBJECT = 0x000d,
  MAPI_INTEGER64 = 0x0014,
  MAPI_STRING8 = 0x001e, /* in the message's code page */
  MAPI_STRING = 0x001f,  /* UTF-16LE */
  MAPI_TIME = 0x0040,    /* FILETIME */
  MAPI_GUID = 0x0048,
  MAPI_BINARY = 0x0102,
  MAPI_MULTIPLE = 0x1000, /* of the type it is added to */
} MapiType;

/* Properties: PidTag... of MS-OXPROPS. */
enum {
  MAPI_MESSAGE_CLASS = 0x001a,
  MAPI_SUBJECT = 0x0037,
  MAPI_SUBMIT_TIME = 0x0039,
  MAPI_REPRESENTING_NAME = 0x0042, /* from whom it is: who had it sent */
  MAPI_REPRESENTING_ADDRESS = 0x0065,
  MAPI_TRANSPORT_HEADERS = 0x007d,
  MAPI_RECIPIENT_TYPE = 0x0c15,
  MAPI_SENDER_NAME = 0x0c1a,
  MAPI_SENDER_ADDRESS = 0x0c1f,
  MAPI_DISPLAY_BCC = 0x0e02,
  MAPI_DISPLAY_CC = 0x0e03,
  MAPI_DISPLAY_TO = 0x0e04,
  MAPI_DELIVERY_TIME = 0x0e06,
  MAPI_BODY = 0x1000,
  MAPI_RTF_COMPRESSED = 0x1009,
  MAPI_HTML = 0x1013,
  MAPI_DISPLAY_NAME = 0x3001,
  MAPI_EMAIL_ADDRESS = 0x3003,
  MAPI_CREATION_TIME = 0x3007,
  MAPI_LAST_CHANGE_TIME = 0x3008,
  MAPI_ATTACH_DATA = 0x3701,
  MAPI_ATTACH_FILE_NAME = 0x3704,
  MAPI_ATTACH_METHOD = 0x3705,
  MAPI_ATTACH_LONG_NAME = 0x3707,
  MAPI_ATTACH_MIME_TYPE = 0x370e,
  MAPI_ATTACH_CONTENT_ID = 0x3712,
  MAPI_ATTACH_FLAGS = 0x3714,
  MAPI_SMTP_ADDRESS = 0x39fe,
  MAPI_INTERNET_CODE_PAGE = 0x3fde,
  MAPI_CODE_PAGE = 0x3ffd,
  MAPI_SENDER_SMTP = 0x5d01,
  MAPI_REPRESENTING_SMTP = 0x5d02,
  MAPI_ATTACH_HIDDEN = 0x7ffe,
  MAPI_NAMED = 0x8000, /* from here on: numbers that mean what the message says they mean */
};

typedef struct MapiProperties MapiProperties;

/* (transfer full) */
MapiProperties *mapi_properties_new (void);
void mapi_properties_free (MapiProperties *properties);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MapiProperties, mapi_properties_free)

/* id: 16 bits, or for one that is known by name its long identifier (PidLid..., MS-OXPROPS) with
 * MAPI_LID set. The first of an id counts, a string in Unicode before one that is not. value is
 * referenced. */
#define MAPI_LID 0x10000u
void mapi_add (MapiProperties *properties, guint32 id, guint type, GBytes *value);

gboolean mapi_has (const MapiProperties *properties, guint32 id);

/* Values; NULL or 0 when there is none of that type. Text is UTF-8, without NULs at the end. */
char *mapi_string (const MapiProperties *properties, guint32 id);  /* (transfer full) (nullable) */
GBytes *mapi_bytes (const MapiProperties *properties, guint32 id); /* (nullable) borrowed */
guint32 mapi_uint (const MapiProperties *properties, guint32 id);
gboolean mapi_boolean (const MapiProperties *properties, guint32 id);

/* "2009-11-17T18:03:29Z" (transfer full) (nullable) */
char *mapi_time (const MapiProperties *properties, guint32 id);

/* Of the strings that are not in Unicode; 0: not known, they are guessed. */
void mapi_set_code_page (MapiProperties *properties, guint code_page);
guint mapi_code_page (const MapiProperties *properties);

/* The charset of a code page as ICU knows it. (transfer full) (nullable) */
char *mapi_charset (guint code_page);
