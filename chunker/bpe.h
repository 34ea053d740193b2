/* bpe.h: byte pair encoding as tiktoken does it, over a rank table that is used where it lies.
 *
 * A text is cut into pieces (pretokenizer.h); a piece is one token, or is merged of its bytes. What
 * merging by lowest rank ends in is the one way to write the piece in tokens of which each two
 * neighbours would also be left apart on their own. It is found from the left: the longest token
 * that goes with the one before, else a shorter one, else back by one. No place is tried twice, so
 * that the time is linear in the text, whatever it is. (After the crate `bpe` of GitHub's
 * rust-gems.)
 *
 * Special tokens are ordinary text. Text is valid UTF-8. Everything is exact, not summed up of
 * parts.
 */
#pragma once

#include "bpe-table.h"
#include "token-counter.h"

/* An encoding at work: remembers what it was asked lately, so that it is for one thread. What it
 * says does not depend on what it remembers. */
typedef struct Bpe Bpe;

/* The table stays, and must outlive it. (transfer full) */
Bpe *bpe_new (const BpeEncoding *encoding);
void bpe_free (Bpe *bpe);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Bpe, bpe_free)

gsize bpe_count (Bpe *bpe, const char *text, gsize bytes);

/* The longest prefix, in bytes, of at most max_tokens that ends at a character boundary. Not much
 * more text is looked at than that. */
gsize bpe_prefix (Bpe *bpe, const char *text, gsize bytes, gsize max_tokens);

/* Appends the token ids (element-type guint32). */
void bpe_encode (Bpe *bpe, const char *text, gsize bytes, GArray *ids);

/* As TokenCounter.count_grown. The last three pieces are counted anew: what follows may change the
 * last two. */
gsize bpe_count_grown (Bpe *bpe, TokenGrowth *grown, const char *text, gsize bytes);

/* As TokenCounter.pieces. */
gsize bpe_pieces (Bpe *bpe, TokenPiece last, const char *text, gsize bytes, TokenPiece *pieces);
