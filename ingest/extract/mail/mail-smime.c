#include "mail-smime.h"

#include <string.h>

#define NESTING_MAX 16

enum { BER_OCTET_STRING = 0x04, BER_OID = 0x06, BER_SEQUENCE = 0x30, BER_CONTEXT_0 = 0xa0 };
enum { CMS_SIGNED_DATA = 2, CMS_ENVELOPED_DATA = 3 };
enum { BER_CONSTRUCTED = 0x20, BER_MULTI_BYTE_TAG = 0x1f };

typedef struct {
  const guint8 *at;
  const guint8 *end;
} Ber;

typedef struct {
  guint8 tag;
  gboolean indefinite; /* its end is two NULs (X.690 8.1.3.6) */
  Ber content;         /* when indefinite, up to the end of what it is in */
} Element;

static gboolean
read_header (Ber *ber, Element *element)
{
  gsize length = 0;
  guint n;

  if (ber->end - ber->at < 2 || (ber->at[0] & BER_MULTI_BYTE_TAG) == BER_MULTI_BYTE_TAG)
    return FALSE;
  element->tag = *ber->at++;
  n = *ber->at++;
  element->indefinite = n == 0x80;
  if (n > 0x80) {
    n &= 0x7f;
    if (n > 4 || ber->end - ber->at < (gssize)n)
      return FALSE;
    for (; n > 0; n--)
      length = length << 8 | *ber->at++;
  } else {
    length = n & 0x7f;
  }
  if (element->indefinite && (element->tag & BER_CONSTRUCTED) == 0)
    return FALSE;
  /* what is cut short has what is left */
  element->content = (Ber){ber->at, ber->end};
  if (!element->indefinite && length < (gsize)(ber->end - ber->at))
    element->content.end = ber->at + length;
  return TRUE;
}

static gboolean
skip (Ber *ber, guint depth)
{
  Element element;

  if (depth > NESTING_MAX || !read_header (ber, &element))
    return FALSE;
  if (!element.indefinite) {
    ber->at = element.content.end;
    return TRUE;
  }
  while (ber->end - ber->at >= 2 && (ber->at[0] != 0 || ber->at[1] != 0))
    if (!skip (ber, depth + 1))
      return FALSE;
  if (ber->end - ber->at < 2)
    return FALSE;
  ber->at += 2;
  return TRUE;
}

/* Into the next element, which must have that tag. */
static gboolean
enter (Ber *ber, guint8 tag)
{
  Element element;

  if (!read_header (ber, &element) || element.tag != tag)
    return FALSE;
  *ber = element.content;
  return TRUE;
}

/* Into ContentInfo: the last number of its type, 1.2.840.113549.1.7.N; 0 when it is none. */
static guint
enter_content_info (Ber *ber)
{
  static const guint8 oid[] = {0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07};
  Element element;

  if (!enter (ber, BER_SEQUENCE) || !read_header (ber, &element) || element.tag != BER_OID ||
      element.content.end - element.content.at != sizeof oid + 1 ||
      memcmp (element.content.at, oid, sizeof oid) != 0)
    return 0;
  ber->at = element.content.end;
  return element.content.at[sizeof oid];
}

static gboolean
enter_signed_data (Ber *ber)
{
  if (enter_content_info (ber) != CMS_SIGNED_DATA)
    return FALSE;
  /* [0] SignedData: version, digest algorithms, EncapsulatedContentInfo: type, [0] content */
  return enter (ber, BER_CONTEXT_0) && enter (ber, BER_SEQUENCE) && skip (ber, 0) &&
         skip (ber, 0) && enter (ber, BER_SEQUENCE) && skip (ber, 0) && enter (ber, BER_CONTEXT_0);
}

/* An octet string, in one piece or in pieces. */
static gboolean
append_octets (Ber *ber, GByteArray *out, guint depth)
{
  Element element;

  if (depth > NESTING_MAX || !read_header (ber, &element) ||
      (element.tag & ~BER_CONSTRUCTED) != BER_OCTET_STRING)
    return FALSE;
  if ((element.tag & BER_CONSTRUCTED) == 0) {
    g_byte_array_append (out, element.content.at,
                         (guint)(element.content.end - element.content.at));
    ber->at = element.content.end;
    return TRUE;
  }
  while (element.content.at < element.content.end && *element.content.at != 0)
    if (!append_octets (&element.content, out, depth + 1))
      return FALSE;
  ber->at = element.content.at +
            (element.indefinite && element.content.end - element.content.at >= 2 ? 2 : 0);
  return TRUE;
}

gboolean
mail_smime_is (const guint8 *data, gsize bytes)
{
  Ber ber = {data, data + bytes};
  guint type = enter_content_info (&ber);

  return type == CMS_SIGNED_DATA || type == CMS_ENVELOPED_DATA;
}

GBytes *
mail_smime_content (GBytes *bytes)
{
  g_autoptr (GByteArray) content = g_byte_array_new ();
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);
  Ber ber = {data, data + size};

  if (size > G_MAXINT32 || !enter_signed_data (&ber))
    return NULL;
  append_octets (&ber, content, 0); /* what is cut short has what there is */
  if (content->len == 0)
    return NULL;
  return g_byte_array_free_to_bytes (g_steal_pointer (&content));
}
