/* document.h: a document's text and its structure.
 *
 * What extraction makes and the chunker takes. The text is one UTF-8 string without NUL, in light
 * Markdown: headings carry their '#', list items their marker, tables their pipes, so that a
 * person and an agent can read it as it is. Nothing inside a block is escaped: what a file says is
 * what is searched. Blocks are spans of that text, in order, not overlapping; what lies between
 * them is white space only, or markup that belongs to no block.
 *
 *     text    # Title\n\nFirst paragraph.\n\n- one\n- two\n
 *     blocks  [heading][  paragraph   ]  [item][item]
 *
 * Positions are bytes here; where they leave the program (NDJSON, database) they are characters
 * (Unicode code points), as PostgreSQL's substring() counts.
 */
#pragma once

#include <glib.h>

typedef enum {
  BLOCK_HEADING = 1, /* level 1-6 */
  BLOCK_PARAGRAPH,
  BLOCK_LIST_ITEM, /* level: nesting depth, from 1; one block an item */
  BLOCK_TABLE,     /* Markdown rows, one a line; the second line is the |---| rule if the first is a
                      header */
  BLOCK_CODE,      /* verbatim, fences included where the text has them */
} BlockKind;

#define BLOCK_KIND_LAST BLOCK_CODE

typedef struct {
  gsize start_byte; /* in Document.text */
  gsize end_byte;   /* exclusive */
  guint32 page;     /* 1-based; 0 where the format has no pages */
  guint8 kind;      /* BlockKind */
  guint8 level;
} Block;

typedef struct {
  char *name;          /* file name as given, valid UTF-8 */
  char *format;        /* "pdf", "html", "markdown", "text", ...; never NULL when complete */
  char *mime_type;     /* as sniffed, never as declared */
  char *title;         /* (nullable) */
  char *author;        /* (nullable) */
  char *language;      /* (nullable) BCP 47, declared or detected */
  char *created;       /* (nullable) by the file's own words: ISO 8601 */
  char *modified;      /* (nullable) the same */
  char *extractor;     /* version and settings of the extractor; part of the fingerprint */
  guint page_count;    /* 0 where the format has no pages */
  char *partial;       /* (nullable) why the text is not all of it; NULL: it is all */
  GPtrArray *warnings; /* (element-type utf8) for people */
  GString *text;       /* never NULL */
  GArray *blocks;      /* (element-type Block) */
  GPtrArray *members;  /* (element-type Document) what is a document of its own inside of this one:
                          attachments, an archive's members. `name` is the path within this one */
  guint n_members;     /* how many there are at any depth, once members_take has taken them */
  char *checksum;      /* (nullable) of a member: SHA-256 of its bytes, hex */
  guint64 size_bytes;  /* of a member */
  char *error_code;    /* (nullable) set for a member that gave no text: "encrypted", ... */
  char *error_message; /* (nullable) */
} Document;

Document *document_new (void);
void document_free (Document *document);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Document, document_free)

/* Appends `gap` (may be empty) and then the block's text to the document. */
void document_append (Document *document, BlockKind kind, guint level, guint32 page,
                      const char *gap, gsize gap_bytes, const char *text, gsize text_bytes);

/* Lengthens the last block: a block too long for one call. There must be one. */
void document_continue (Document *document, const char *text, gsize text_bytes);

/* The document of a member becomes one that failed: it has no text. */
void document_fail (Document *document, const char *code, const char *message);

/* How it came out: "ok", "empty" (neither text nor members), "partial", or its error_code. */
const char *document_outcome (const Document *document);

/* "heading", "paragraph", "list_item", "table", "code"; the names used in NDJSON. */
const char *block_kind_name (BlockKind kind);

/* 0 when `name` is none of them. */
BlockKind block_kind_from_name (const char *name);

/* The longest heading text, in bytes. */
#define BLOCK_HEADING_TEXT_MAX 1000

/* A heading block's words: without '#' (before or after them) or underline, white space folded,
 * at most BLOCK_HEADING_TEXT_MAX bytes. (transfer full) */
char *block_heading_text (const char *text, gsize bytes);

/* Characters (code points) of valid UTF-8: bytes that begin one. */
gsize text_count_chars (const char *text, gsize bytes);
