#include "client-rescue.h"

#include <string.h>

static void
add_text_bytes (guint64 *bytes, const char *text)
{
  *bytes += text != NULL ? strlen (text) : 0;
}

/* Its nesting is bounded by the reader of the frames. */
static void
count (const Document *document, FrameTotals *used) /* NOLINT(misc-no-recursion) */
{
  used->members++;
  used->text_bytes += document->text->len;
  used->blocks += document->blocks->len;
  add_text_bytes (&used->side_bytes, document->name);
  add_text_bytes (&used->side_bytes, document->title);
  add_text_bytes (&used->side_bytes, document->author);
  add_text_bytes (&used->side_bytes, document->partial);
  add_text_bytes (&used->side_bytes, document->error_message);
  for (guint i = 0; i < document->warnings->len; i++)
    add_text_bytes (&used->side_bytes, g_ptr_array_index (document->warnings, i));
  for (guint i = 0; i < document->members->len; i++)
    count (g_ptr_array_index (document->members, i), used);
}

gboolean
rescue_plan (const Document *file, const GPtrArray *chain, FrameResume *resume)
{
  const Document *outer = file;

  memset (resume, 0, sizeof *resume);
  if (chain->len - 1 > FRAME_PATH_MAX)
    return FALSE;
  for (guint level = 1; level < chain->len; level++) {
    const Document *next = g_ptr_array_index (chain, level);
    gboolean is_last = level + 1 == chain->len;
    guint at = outer->members->len - 1; /* what is open is the last */

    for (guint i = 0; i < at; i++)
      count (g_ptr_array_index (outer->members, i), &resume->used);
    if (is_last) /* the others are sent again */
      count (next, &resume->used);
    resume->path[resume->n_path++] = at;
    outer = next;
  }
  return TRUE;
}

/* What is kept, but for what came again, then what is more: one list, which `more` gets. */
static void
join_members (Document *kept, guint n_kept, Document *more)
{
  GPtrArray *members = kept->members;

  g_ptr_array_set_free_func (members, NULL);
  g_ptr_array_set_free_func (more->members, NULL);
  g_ptr_array_set_size (members, (int)n_kept);
  g_ptr_array_extend (members, more->members, NULL, NULL);
  g_ptr_array_set_free_func (members, (GDestroyNotify)document_free);
  kept->members = more->members;
  more->members = members;
}

static Document *
merge (Document *kept, const FrameResume *resume, guint level, /* NOLINT(misc-no-recursion) */
       Document *more, const GError *failure)
{
  gboolean is_last = level + 1 == resume->n_path;
  guint at = resume->path[level];
  gboolean came_again = !is_last && more->members->len > 0;

  g_return_val_if_fail (at + 1 == kept->members->len, more);
  if (came_again)
    merge (g_ptr_array_index (kept->members, at), resume, level + 1,
           g_ptr_array_index (more->members, 0), failure);
  else if (!is_last)
    document_fail (g_ptr_array_index (kept->members, at),
                   extract_code_name ((ExtractCode)failure->code), failure->message);
  join_members (kept, came_again ? at : at + 1, more);
  document_free (kept);
  return more;
}

Document *
rescue_merge (Document *kept, const FrameResume *resume, Document *more, const GError *failure)
{
  return merge (kept, resume, 0, more, failure);
}

void
rescue_give_up (const GPtrArray *chain, const GError *failure)
{
  const Document *last = g_ptr_array_index (chain, chain->len - 1);
  /* one that died of memory has said so itself */
  g_autofree char *code = g_strdup (
      last->error_code != NULL ? last->error_code : extract_code_name ((ExtractCode)failure->code));
  g_autofree char *message =
      chain->len == 1
          ? g_strdup (failure->message)
          : g_strdup_printf ("in its member %s: %s; what comes behind that was not read",
                             *last->name != '\0' ? last->name : "without a name",
                             last->error_message);

  for (guint i = 0; i < MAX (chain->len - 1, 1); i++)
    document_fail (g_ptr_array_index (chain, i), code, message);
}
