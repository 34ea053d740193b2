/* frame.h: what parent and worker say to each other, over a socketpair.
 *
 *     parent                         worker (sandboxed, hostile once it has read a file)
 *       |  <------ HELLO version, extractor
 *       |  JOB + one descriptor (SCM_RIGHTS) ------>
 *       |  <------ META key, value ...
 *       |  <------ TEXT block ... / MORE bytes of the same block
 *       |  <------ WARN message
 *       |  <------ END totals   or   FAIL code, message
 *       |  JOB + descriptor ------>  (a file of the same owner)
 *
 * A frame is {u32 type, u32 length}, little-endian, and `length` bytes of payload. A stream that
 * stops before END or FAIL is a failed file, never a short document. The reader trusts nothing:
 * lengths against FRAME_PAYLOAD_MAX, types, order, totals, UTF-8.
 */
#pragma once

#include <glib.h>

#define FRAME_VERSION 1
#define FRAME_HEADER_BYTES 8
#define FRAME_PAYLOAD_MAX (1u << 20)

typedef enum {
  FRAME_HELLO = 1, /* u32 version, then the extractor's fingerprint (text) */
  FRAME_JOB,       /* name (text), NUL, declared MIME type (text, may be empty): hints only */
  FRAME_META,      /* key (text), NUL, value (text) */
  FRAME_TEXT,      /* u8 kind, u8 level, u16 gap bytes, u32 page; gap; text */
  FRAME_MORE,      /* text: the last block goes on */
  FRAME_WARN,      /* text */
  FRAME_END,       /* u64 bytes of text (gaps included), u32 blocks; then why partial (text, empty:
                      it is all) */
  FRAME_FAIL,      /* u32 ExtractCode; then the reason (text) */
} FrameType;
