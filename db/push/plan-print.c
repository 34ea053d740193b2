#include "plan-print.h"

#include "hazard.h"

#include <string.h>

/* --- for a person -------------------------------------------------------------------------- */

static char
sign_of (const PlanAction *action)
{
  static const struct {
    const char *verb;
    char sign;
  } signs[] = {{"add", '+'}, {"grant", '+'}, {"drop", '-'}, {"revoke", '-'}, {"close", '-'}};

  for (gsize i = 0; i < G_N_ELEMENTS (signs); i++)
    if (strcmp (action->verb, signs[i].verb) == 0)
      return signs[i].sign;
  return '~';
}

static void
append_stake (GString *text, const PlanAction *action, const gboolean allowed[N_HAZARDS])
{
  if (action->hazard == HAZARD_NONE)
    return;
  g_string_append (text, "      ");
  if (action->never)
    g_string_append (text, "REFUSED: ");
  else if (hazard_refused (action, allowed))
    g_string_append_printf (text, "REFUSED, needs --force=%s: ", plan_hazard_name (action->hazard));
  else
    g_string_append_printf (text, "by --force=%s: ", plan_hazard_name (action->hazard));
  if (action->stake == NULL)
    g_string_append (text, action->hazard == HAZARD_REVOKE ? "takes access away"
                                                           : "whoever uses it loses it");
  else if (action->rows >= 0)
    g_string_append_printf (text, "%" G_GINT64_FORMAT " %s", action->rows, action->stake);
  else
    g_string_append_printf (text, "an unknown number of %s", action->stake);
  if (action->remedy != NULL)
    g_string_append_printf (text, "; %s", action->remedy);
  g_string_append_c (text, '\n');
}

static void
append_sql (GString *text, const char *sql)
{
  g_auto (GStrv) lines = g_strsplit (sql, "\n", -1);

  for (char **line = lines; *line != NULL; line++)
    g_string_append_printf (text, "      %s%s\n", *line, line[1] == NULL ? ";" : "");
}

static void
append_action (GString *text, const PlanAction *action, const gboolean allowed[N_HAZARDS])
{
  g_string_append_printf (text, "  %c %s %s %s\n", sign_of (action), action->verb, action->kind,
                          action->name);
  append_stake (text, action, allowed);
  if (action->hazard != HAZARD_NONE && action->fix_sql != NULL)
    append_sql (text, action->fix_sql);
  for (guint i = 0; i < action->sql->len; i++)
    append_sql (text, g_ptr_array_index (action->sql, i));
}

char *
plan_to_text (const Plan *plan, const gboolean allowed[N_HAZARDS])
{
  GString *text = g_string_new (NULL);

  if (plan->actions->len > 0)
    g_string_append_printf (text, "%u change%s:\n", plan->actions->len,
                            plan->actions->len == 1 ? "" : "s");
  for (guint i = 0; i < plan->actions->len; i++)
    append_action (text, g_ptr_array_index (plan->actions, i), allowed);
  if (plan->left_alone->len > 0) {
    g_string_append (text, "left alone, since it is not ours: ");
    for (guint i = 0; i < plan->left_alone->len; i++)
      g_string_append_printf (text, "%s%s", i > 0 ? ", " : "",
                              (const char *)g_ptr_array_index (plan->left_alone, i));
    g_string_append_c (text, '\n');
  }
  return g_string_free (text, FALSE);
}

/* --- for a program ------------------------------------------------------------------------- */

static json_object *
action_to_json (const PlanAction *action, const gboolean allowed[N_HAZARDS])
{
  json_object *json = json_object_new_object ();
  json_object *sql = json_object_new_array ();
  const char *hazard = plan_hazard_name (action->hazard);

  if (action->hazard != HAZARD_NONE && action->fix_sql != NULL)
    json_object_array_add (sql, json_object_new_string (action->fix_sql));
  for (guint i = 0; i < action->sql->len; i++)
    json_object_array_add (sql, json_object_new_string (g_ptr_array_index (action->sql, i)));
  json_object_object_add (json, "action", json_object_new_string (action->verb));
  json_object_object_add (json, "kind", json_object_new_string (action->kind));
  json_object_object_add (json, "object", json_object_new_string (action->name));
  json_object_object_add (json, "sql", sql);
  json_object_object_add (json, "hazard", hazard ? json_object_new_string (hazard) : NULL);
  json_object_object_add (
      json, "rows", hazard && action->rows >= 0 ? json_object_new_int64 (action->rows) : NULL);
  json_object_object_add (json, "refused",
                          json_object_new_boolean (hazard_refused (action, allowed)));
  return json;
}

char *
plan_to_json (const Plan *plan, const gboolean allowed[N_HAZARDS], const char *database,
              const char *result)
{
  json_object *json = json_object_new_object ();
  json_object *actions = json_object_new_array ();
  json_object *left_alone = json_object_new_array ();

  for (guint i = 0; i < plan->actions->len; i++)
    json_object_array_add (actions, action_to_json (g_ptr_array_index (plan->actions, i), allowed));
  for (guint i = 0; i < plan->left_alone->len; i++)
    json_object_array_add (left_alone,
                           json_object_new_string (g_ptr_array_index (plan->left_alone, i)));
  json_object_object_add (json, "database", json_object_new_string (database));
  json_object_object_add (json, "result", json_object_new_string (result));
  json_object_object_add (json, "actions", actions);
  json_object_object_add (json, "left_alone", left_alone);

  char *text = g_strdup (json_object_to_json_string_ext (json, JSON_C_TO_STRING_PLAIN |
                                                                   JSON_C_TO_STRING_NOSLASHESCAPE));
  json_object_put (json);
  return text;
}

char *
plan_force_needed (const Plan *plan, const gboolean allowed[N_HAZARDS])
{
  gboolean needed[N_HAZARDS] = {FALSE};
  g_autoptr (GString) names = g_string_new (NULL);

  for (guint i = 0; i < plan->actions->len; i++) {
    const PlanAction *action = g_ptr_array_index (plan->actions, i);
    needed[action->hazard] |= hazard_refused (action, allowed) && !action->never;
  }
  for (int hazard = HAZARD_NONE + 1; hazard < N_HAZARDS; hazard++)
    if (needed[hazard])
      g_string_append_printf (names, "%s%s", names->len > 0 ? "," : "",
                              plan_hazard_name ((PlanHazard)hazard));
  return names->len > 0 ? g_strdup (names->str) : NULL;
}
