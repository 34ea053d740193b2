#include "members.h"

#include <string.h>

typedef struct {
  GPtrArray *flat;
  GHashTable *taken;  /* set of full names */
  GHashTable *copies; /* full name -> how many copies of it got a number of their own */
} Naming;

char *
members_prefix (const char *name)
{
  return g_strconcat (name, MEMBER_SEPARATOR, NULL);
}

static gsize
character_start (const char *text, gsize at)
{
  while (at > 0 && ((guchar)text[at] & 0xC0) == 0x80)
    at--;
  return at;
}

/* Head and tail stay: they say in which file it is, and of what kind. (transfer full) */
static char *
shorten (char *name, gsize prefix_bytes)
{
  const gsize bytes = strlen (name);
  g_autofree char *checksum = NULL;
  char *shorter;

  if (bytes <= MEMBER_NAME_MAX_BYTES)
    return name;

  gsize head = character_start (name, MAX (MEMBER_NAME_MAX_BYTES / 2, MIN (prefix_bytes, bytes)));
  gsize tail = character_start (name, bytes - MEMBER_NAME_MAX_BYTES / 2 + 24);

  checksum = g_compute_checksum_for_string (G_CHECKSUM_SHA256, name, (gssize)bytes);
  shorter = g_strdup_printf ("%.*s…%.16s…%s", (int)head, name, checksum, name + MAX (tail, head));
  g_free (name);
  return shorter;
}

/* "dir/b.pdf" -> "dir/b (2).pdf". (transfer full) */
static char *
numbered (const char *name, guint number)
{
  const char *slash = strrchr (name, '/');
  const char *base = slash != NULL ? slash + 1 : name;
  const char *dot = *base != '\0' ? strrchr (base + 1, '.') : NULL;
  gsize stem = dot != NULL ? (gsize)(dot - name) : strlen (name);

  return g_strdup_printf ("%.*s (%u)%s", (int)stem, name, number, dot != NULL ? dot : "");
}

/* (transfer full) */
static char *
full_name (Naming *naming, const char *outer, const char *name, guint position)
{
  g_autofree char *prefix = members_prefix (outer);
  char *full = *name != '\0' ? g_strconcat (prefix, name, NULL)
                             : g_strdup_printf ("%smember-%u", prefix, position);

  full = shorten (full, strlen (prefix));
  if (g_hash_table_contains (naming->taken, full)) {
    guint number = GPOINTER_TO_UINT (g_hash_table_lookup (naming->copies, full));
    g_autofree char *first = full;

    number = MAX (number, 1);
    full = NULL;
    do {
      g_free (full);
      full = shorten (numbered (first, ++number), strlen (prefix));
    } while (g_hash_table_contains (naming->taken, full));
    g_hash_table_replace (naming->copies, g_steal_pointer (&first), GUINT_TO_POINTER (number));
  }
  g_hash_table_add (naming->taken, g_strdup (full));
  return full;
}

/* Their number. The members' own nesting is bounded where they come from. */
static guint
take (Naming *naming, Document *outer) /* NOLINT(misc-no-recursion) */
{
  guint n = 0;

  for (guint i = 0; i < outer->members->len; i++) {
    Document *member = g_ptr_array_index (outer->members, i);
    char *name = full_name (naming, outer->name, member->name ? member->name : "", i + 1);

    g_free (member->name);
    member->name = name;
    g_ptr_array_add (naming->flat, member);
    n += 1 + take (naming, member);
  }
  g_ptr_array_set_free_func (outer->members, NULL);
  g_ptr_array_set_size (outer->members, 0);
  g_ptr_array_set_free_func (outer->members, (GDestroyNotify)document_free);
  outer->n_members = n;
  return n;
}

GPtrArray *
members_take (Document *document)
{
  g_autoptr (GHashTable) taken = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GHashTable) copies = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  Naming naming = {
      .flat = g_ptr_array_new_with_free_func ((GDestroyNotify)document_free),
      .taken = taken,
      .copies = copies,
  };

  take (&naming, document);
  return naming.flat;
}
