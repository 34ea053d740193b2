/* members.h: documents inside of a document (attachments, an archive's members) as documents of
 * their own, each under a name that no other of the same file has.
 *
 *     a.zip                  the file's own
 *     a.zip!/dir/b.pdf       a member
 *     a.zip!/c.eml           another,
 *     a.zip!/c.eml!/d.png    and what is in that one
 */
#pragma once

#include "document.h"

#define MEMBER_SEPARATOR "!/"

/* The longest name that is made; what is longer is shortened in its middle, and stays the only one
 * of that name. */
#define MEMBER_NAME_MAX_BYTES 1000

/* Takes all members out of `document`, at any depth, in their order, an outer one before what is in
 * it. Their `name` becomes the full one, beginning with the document's; one without a name gets its
 * number, the second of a name "b (2).pdf". The same document gives the same names.
 * document->n_members says how many it had; it, and each one's, stay.
 * (transfer full) (element-type Document) */
GPtrArray *members_take (Document *document);

/* What `name` would have as the beginning of its members' names. (transfer full) */
char *members_prefix (const char *name);
