#include "xls-crypt.h"

#include <string.h>

#define BLOCK_BYTES 1024
#define SALT_BYTES 16
#define DIGEST_BYTES_MAX 20
#define KEY_BYTES_MAX 16

/* Excel's own for workbooks that are protected without a password */
static const char default_password[] = "VelvetSweatshop";

/* --- RC4 ---------------------------------------------------------------------------------------
 */

typedef struct {
  guint8 state[256];
  guint8 i, j;
} Rc4;

static void
rc4_init (Rc4 *rc4, const guint8 *key, gsize bytes)
{
  guint8 j = 0;

  for (guint i = 0; i < 256; i++)
    rc4->state[i] = (guint8)i;
  for (guint i = 0; i < 256; i++) {
    guint8 swap = rc4->state[i];

    j = (guint8)(j + swap + key[i % bytes]);
    rc4->state[i] = rc4->state[j];
    rc4->state[j] = swap;
  }
  rc4->i = rc4->j = 0;
}

static guint8
rc4_next (Rc4 *rc4)
{
  guint8 swap;

  rc4->i++;
  swap = rc4->state[rc4->i];
  rc4->j = (guint8)(rc4->j + swap);
  rc4->state[rc4->i] = rc4->state[rc4->j];
  rc4->state[rc4->j] = swap;
  return rc4->state[(guint8)(rc4->state[rc4->i] + swap)];
}

static void
rc4_apply (Rc4 *rc4, guint8 *data, gsize bytes)
{
  for (gsize i = 0; i < bytes; i++)
    data[i] ^= rc4_next (rc4);
}

/* --- keys --------------------------------------------------------------------------------------
 */

typedef struct {
  GChecksumType digest;
  const guint8 *salt;
  const guint8 *verifier;      /* encrypted, 16 bytes */
  const guint8 *verifier_hash; /* encrypted, as long as the digest */
  gsize key_bytes;
  guint8 base[DIGEST_BYTES_MAX]; /* of the password */
  gsize base_bytes;
} Cipher;

static void
put_u32 (guint8 *at, guint32 value)
{
  for (guint i = 0; i < 4; i++)
    at[i] = (guint8)(value >> (8 * i));
}

static guint32
get_u32 (const guint8 *at)
{
  return (guint32)at[0] | (guint32)at[1] << 8 | (guint32)at[2] << 16 | (guint32)at[3] << 24;
}

static void
digest (GChecksumType type, const guint8 *first, gsize first_bytes, const guint8 *second,
        gsize second_bytes, guint8 out[DIGEST_BYTES_MAX])
{
  GChecksum *checksum = g_checksum_new (type);
  gsize bytes = DIGEST_BYTES_MAX;

  g_checksum_update (checksum, first, (gssize)first_bytes);
  g_checksum_update (checksum, second, (gssize)second_bytes);
  g_checksum_get_digest (checksum, out, &bytes);
  g_checksum_free (checksum);
}

/* The password as UTF-16LE. */
static GByteArray *
to_utf16 (const char *password)
{
  GByteArray *out = g_byte_array_new ();
  glong units = 0;
  g_autofree gunichar2 *text = g_utf8_to_utf16 (password, -1, NULL, &units, NULL);

  for (glong i = 0; i < units; i++) {
    guint8 unit[2] = {(guint8)text[i], (guint8)(text[i] >> 8)};

    g_byte_array_append (out, unit, 2);
  }
  return out;
}

/* MS-OFFCRYPTO 2.3.6.2 without CryptoAPI: 5 bytes of the password's MD5, with the salt, 16 times;
 * 2.3.5.2 with it: SHA-1 of salt and password. */
static void
set_password (Cipher *cipher, const char *password)
{
  g_autoptr (GByteArray) utf16 = to_utf16 (password);
  g_autoptr (GByteArray) repeated = g_byte_array_new ();
  guint8 hash[DIGEST_BYTES_MAX];

  if (cipher->digest == G_CHECKSUM_SHA1) {
    digest (G_CHECKSUM_SHA1, cipher->salt, SALT_BYTES, utf16->data, utf16->len, cipher->base);
    cipher->base_bytes = 20;
    return;
  }
  digest (G_CHECKSUM_MD5, utf16->data, utf16->len, hash, 0, hash);
  for (guint i = 0; i < 16; i++) {
    g_byte_array_append (repeated, hash, 5);
    g_byte_array_append (repeated, cipher->salt, SALT_BYTES);
  }
  digest (G_CHECKSUM_MD5, repeated->data, repeated->len, hash, 0, cipher->base);
  cipher->base_bytes = 5;
}

static void
begin_block (const Cipher *cipher, guint32 block, Rc4 *rc4)
{
  guint8 number[4], key[DIGEST_BYTES_MAX];
  gsize bytes = cipher->key_bytes;

  put_u32 (number, block);
  digest (cipher->digest, cipher->base, cipher->base_bytes, number, sizeof number, key);
  /* a key of 40 bits is filled up with zeros */
  if (cipher->digest == G_CHECKSUM_SHA1 && bytes < KEY_BYTES_MAX && bytes == 5) {
    memset (key + bytes, 0, KEY_BYTES_MAX - bytes);
    bytes = KEY_BYTES_MAX;
  }
  rc4_init (rc4, key, bytes);
}

static gboolean
password_fits (Cipher *cipher, const char *password)
{
  gsize hash_bytes = cipher->digest == G_CHECKSUM_SHA1 ? 20 : 16;
  guint8 verifier[SALT_BYTES], wanted[DIGEST_BYTES_MAX], hash[DIGEST_BYTES_MAX];
  Rc4 rc4;

  set_password (cipher, password);
  begin_block (cipher, 0, &rc4);
  memcpy (verifier, cipher->verifier, sizeof verifier);
  memcpy (wanted, cipher->verifier_hash, hash_bytes);
  rc4_apply (&rc4, verifier, sizeof verifier);
  rc4_apply (&rc4, wanted, hash_bytes);
  digest (cipher->digest, verifier, sizeof verifier, verifier, 0, hash);
  return memcmp (wanted, hash, hash_bytes) == 0;
}

/* --- the record FILEPASS -----------------------------------------------------------------------
 */

static gboolean
parse_standard (const guint8 *data, gsize bytes, Cipher *cipher)
{
  if (bytes < 6 + 3 * SALT_BYTES)
    return FALSE;
  cipher->digest = G_CHECKSUM_MD5;
  cipher->key_bytes = 16;
  cipher->salt = data + 6;
  cipher->verifier = cipher->salt + SALT_BYTES;
  cipher->verifier_hash = cipher->verifier + SALT_BYTES;
  return TRUE;
}

static gboolean
parse_cryptoapi (const guint8 *data, gsize bytes, Cipher *cipher)
{
  enum { FIXED = 14, ALG_RC4 = 0x6801 };
  guint32 header, bits;
  const guint8 *verifier;

  if (bytes < FIXED + 32 || (header = get_u32 (data + 10)) < 32 || header > bytes - FIXED ||
      bytes - FIXED - header < 4 + SALT_BYTES + 16 + 4 + 20)
    return FALSE;
  if (get_u32 (data + FIXED + 8) != ALG_RC4)
    return FALSE;
  bits = get_u32 (data + FIXED + 16);
  if (bits == 0)
    bits = 40;
  if (bits % 8 != 0 || bits < 40 || bits > 128)
    return FALSE;
  verifier = data + FIXED + header;
  if (get_u32 (verifier) != SALT_BYTES)
    return FALSE;
  cipher->digest = G_CHECKSUM_SHA1;
  cipher->key_bytes = bits / 8;
  cipher->salt = verifier + 4;
  cipher->verifier = cipher->salt + SALT_BYTES;
  cipher->verifier_hash = cipher->verifier + 16 + 4;
  return TRUE;
}

static gboolean
parse (const guint8 *data, gsize bytes, Cipher *cipher)
{
  if (bytes < 6 || data[0] != 1 || data[1] != 0)
    return FALSE;
  return data[2] == 1 ? parse_standard (data, bytes, cipher)
                      : parse_cryptoapi (data, bytes, cipher);
}

/* --- the stream --------------------------------------------------------------------------------
 */

/* Bytes of the record's data that are never encrypted. */
static gsize
plain_bytes (guint type, gsize length)
{
  switch (type) {
  case 0x0809: /* BOF */
  case 0x002f: /* FILEPASS */
  case 0x00e1: /* INTERFACEHDR */
  case 0x0138: /* RRDHEAD */
  case 0x0194: /* USREXCL */
  case 0x0195: /* FILELOCK */
  case 0x0196: /* RRDINFO */
    return length;
  case 0x0085: /* BOUNDSHEET: where the sheet begins */
    return MIN (length, 4);
  default:
    return 0;
  }
}

/* The key changes with each block of the stream; record headers are plain but count. */
static void
decrypt_range (const Cipher *cipher, guint8 *stream, gsize from, gsize to, guint32 *block, Rc4 *rc4,
               gsize *position)
{
  for (gsize i = from; i < to; i++) {
    guint32 wanted = (guint32)(i / BLOCK_BYTES);

    if (wanted != *block) {
      begin_block (cipher, wanted, rc4);
      *block = wanted;
      *position = (gsize)wanted * BLOCK_BYTES;
    }
    for (; *position < i; (*position)++)
      rc4_next (rc4);
    stream[i] ^= rc4_next (rc4);
    (*position)++;
  }
}

static void
decrypt_stream (const Cipher *cipher, guint8 *stream, gsize bytes, gsize at)
{
  guint32 block = G_MAXUINT32;
  gsize position = 0;
  Rc4 rc4 = {0}; /* the first block begins it */

  while (bytes - at >= 4) {
    guint type = (guint)stream[at] | (guint)stream[at + 1] << 8;
    gsize length = (gsize)stream[at + 2] | (gsize)stream[at + 3] << 8;
    gsize plain = plain_bytes (type, length);

    at += 4;
    length = MIN (length, bytes - at);
    decrypt_range (cipher, stream, at + MIN (plain, length), at + length, &block, &rc4, &position);
    at += length;
  }
}

gboolean
xls_decrypt (guint8 *stream, gsize bytes, gsize at, gsize length, const char *const *passwords,
             GError **error)
{
  /* what the cipher points to is not encrypted and stays as it is */
  Cipher cipher = {0};
  gboolean fits = parse (stream + at, length, &cipher) && password_fits (&cipher, default_password);

  for (guint i = 0; cipher.salt != NULL && !fits && passwords != NULL && passwords[i] != NULL; i++)
    fits = password_fits (&cipher, passwords[i]);
  if (!fits) {
    g_set_error (error, EXTRACT_ERROR, EXTRACT_ERROR_ENCRYPTED,
                 "it is encrypted with a password; save it without one and upload it again");
    return FALSE;
  }
  decrypt_stream (&cipher, stream, bytes, at + length);
  return TRUE;
}
