#include "rtf-lists.h"

#include "ingest/extract/ole/numbering.h"

#include <string.h>

#define ENTRIES_MAX 20000
#define STYLE_DEPTH_MAX 16

typedef struct {
  gint32 list_id;
  gint level; /* that is overridden now */
  gboolean has_start[NUMBERING_LEVELS];
  guint start[NUMBERING_LEVELS];
  gboolean is_used;
} Override;

typedef struct {
  gint32 outline;
  gint32 based_on;
} Style;

struct RtfLists {
  GHashTable *lists;      /* \listid -> NumberingList */
  GHashTable *overrides;  /* \ls -> Override */
  GHashTable *styles;     /* \s -> Style */
  NumberingList *list;    /* (nullable) being read */
  gint level;             /* of it */
  Override *override;     /* (nullable) being read */
  gboolean has_start_now; /* \listoverridestartat was there: a \levelstartat follows */
};

RtfLists *
rtf_lists_new (void)
{
  RtfLists *lists = g_new0 (RtfLists, 1);

  lists->lists = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify)numbering_list_free);
  lists->overrides = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  lists->styles = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  return lists;
}

void
rtf_lists_free (RtfLists *lists)
{
  if (lists == NULL)
    return;
  g_hash_table_unref (lists->lists);
  g_hash_table_unref (lists->overrides);
  g_hash_table_unref (lists->styles);
  numbering_list_free (lists->list);
  g_free (lists->override);
  g_free (lists);
}

/* Puts what has been read where it can be found; what is too much is dropped. */
static void
keep (GHashTable *table, gint32 number, gpointer value, GDestroyNotify drop)
{
  if (value != NULL && g_hash_table_size (table) < ENTRIES_MAX)
    g_hash_table_insert (table, GINT_TO_POINTER (number), value);
  else if (value != NULL)
    drop (value);
}

static void
take_of_list (RtfLists *lists, RtfWord word, gint32 number)
{
  NumberingLevel *level = lists->level >= 0 && lists->level < NUMBERING_LEVELS
                              ? &lists->list->levels[lists->level]
                              : NULL;

  if (word == RTF_WORD_LISTLEVEL) {
    lists->level = MIN (lists->level + 1, NUMBERING_LEVELS);
  } else if (word == RTF_WORD_LISTID) {
    keep (lists->lists, number, g_steal_pointer (&lists->list),
          (GDestroyNotify)numbering_list_free);
  } else if (level != NULL && word == RTF_WORD_LEVELNFC) {
    level->format = (guint8)CLAMP (number, 0, 255);
  } else if (level != NULL && word == RTF_WORD_LEVELSTARTAT) {
    level->start = (guint)MAX (number, 0);
  } else if (level != NULL && word == RTF_WORD_LEVELLEGAL) {
    level->is_legal = number != 0;
  }
}

static void
take_of_override (RtfLists *lists, RtfWord word, gint32 number)
{
  Override *override = lists->override;

  if (word == RTF_WORD_LISTID) {
    override->list_id = number;
  } else if (word == RTF_WORD_LS) {
    keep (lists->overrides, number, g_steal_pointer (&lists->override), g_free);
  } else if (word == RTF_WORD_LFOLEVEL) {
    override->level = MIN (override->level + 1, NUMBERING_LEVELS);
    lists->has_start_now = FALSE;
  } else if (word == RTF_WORD_LISTOVERRIDESTARTAT) {
    lists->has_start_now = TRUE;
  } else if (word == RTF_WORD_LEVELSTARTAT && lists->has_start_now && override->level >= 0 &&
             override->level < NUMBERING_LEVELS) {
    override->has_start[override->level] = TRUE;
    override->start[override->level] = (guint)MAX (number, 0);
  }
}

void
rtf_lists_take (RtfLists *lists, RtfWord word, gint32 number)
{
  if (word == RTF_WORD_LIST) {
    numbering_list_free (lists->list);
    lists->list = g_new0 (NumberingList, 1);
    lists->level = -1;
    for (guint i = 0; i < NUMBERING_LEVELS; i++)
      lists->list->levels[i].start = 1;
  } else if (word == RTF_WORD_LISTOVERRIDE) {
    g_free (lists->override);
    lists->override = g_new0 (Override, 1);
    lists->override->level = -1;
  } else if (lists->override != NULL) {
    take_of_override (lists, word, number);
  } else if (lists->list != NULL) {
    take_of_list (lists, word, number);
  }
}

void
rtf_lists_set_text (RtfLists *lists, const char *text)
{
  NumberingLevel *level;

  if (lists->list == NULL || lists->level < 0 || lists->level >= NUMBERING_LEVELS)
    return;
  level = &lists->list->levels[lists->level];
  g_free (level->text);
  level->text = g_strdup (text);
}

char *
rtf_lists_next (RtfLists *lists, gint32 ls, guint level, gboolean *has_list)
{
  Override *override = g_hash_table_lookup (lists->overrides, GINT_TO_POINTER (ls));
  NumberingList *list =
      override == NULL ? NULL
                       : g_hash_table_lookup (lists->lists, GINT_TO_POINTER (override->list_id));

  *has_list = list != NULL;
  if (list == NULL)
    return NULL;
  for (guint i = 0; !override->is_used && i < NUMBERING_LEVELS; i++)
    if (override->has_start[i])
      numbering_restart (list, i, override->start[i]);
  override->is_used = TRUE;
  return numbering_next (list, level);
}

/* --- styles ------------------------------------------------------------------------------------
 */

void
rtf_lists_add_style (RtfLists *lists, gint32 number, const char *name, gint32 outline,
                     gint32 based_on)
{
  Style *style;

  if (g_hash_table_size (lists->styles) >= ENTRIES_MAX)
    return;
  if (outline < 0 && g_ascii_strncasecmp (name, "heading ", 8) == 0 && name[8] >= '1' &&
      name[8] <= '9')
    outline = name[8] - '1';
  if (outline < 0 && g_ascii_strcasecmp (name, "title") == 0)
    outline = 0;
  style = g_new0 (Style, 1);
  style->outline = outline;
  style->based_on = based_on == number ? -1 : based_on;
  g_hash_table_insert (lists->styles, GINT_TO_POINTER (number), style);
}

guint
rtf_lists_heading (const RtfLists *lists, gint32 number)
{
  for (guint i = 0; i < STYLE_DEPTH_MAX; i++) {
    const Style *style = g_hash_table_lookup (lists->styles, GINT_TO_POINTER (number));

    if (style == NULL)
      return 0;
    if (style->outline >= 0)
      return style->outline < 9 ? (guint)style->outline + 1 : 0;
    number = style->based_on;
  }
  return 0;
}
