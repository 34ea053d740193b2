/* rtf-lists.h: the tables of lists and styles at the head of RTF (specification 1.9.1, "List
 * Tables", "Style Sheet"). */
#pragma once

#include "rtf-token.h"
#include "rtf-words.h"

typedef struct RtfLists RtfLists;

/* (transfer full) */
RtfLists *rtf_lists_new (void);
void rtf_lists_free (RtfLists *lists);

/* A control word within \listtable or \listoverridetable. */
void rtf_lists_take (RtfLists *lists, RtfWord word, gint32 number);

/* The content of \leveltext; \1 to \9 stand for the levels' numbers. */
void rtf_lists_set_text (RtfLists *lists, const char *text);

/* The marker of the next paragraph in list \lsN at level \ilvlN. has_list: there is such a list.
 * (transfer full) (nullable) where it is a bullet */
char *rtf_lists_next (RtfLists *lists, gint32 ls, guint level, gboolean *has_list);

/* outline: from 0; -1 when it has none. */
void rtf_lists_add_style (RtfLists *lists, gint32 number, const char *name, gint32 outline,
                          gint32 based_on);

/* The level of a heading in that style, from 1; 0: it is none. */
guint rtf_lists_heading (const RtfLists *lists, gint32 style);
