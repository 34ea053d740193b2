#include "xml-entities.h"

#include <libxml/HTMLparser.h>
#include <string.h>

#define ENTITY_BYTES 256
#define ENTITIES_MAX 1000

struct XmlEntities {
  GHashTable *by_name; /* name -> xmlEntity, owned */
};

/* ISO 8879's names that HTML has not; DocBook and patents use them. */
static const char *const iso_names[][2] = {
    {"agr", "α"},    {"ast", "*"},    {"bgr", "β"},    {"bsol", "\\"},  {"check", "✓"},
    {"colon", ":"},  {"comma", ","},  {"commat", "@"}, {"cross", "✗"},  {"dash", "‐"},
    {"dgr", "δ"},    {"dollar", "$"}, {"eegr", "η"},   {"egr", "ε"},    {"equals", "="},
    {"excl", "!"},   {"ggr", "γ"},    {"grave", "`"},  {"half", "½"},   {"hellip", "…"},
    {"horbar", "―"}, {"hyphen", "‐"}, {"igr", "ι"},    {"kgr", "κ"},    {"khgr", "χ"},
    {"lcub", "{"},   {"lgr", "λ"},    {"lowbar", "_"}, {"lpar", "("},   {"lsqb", "["},
    {"mgr", "μ"},    {"mldr", "…"},   {"ngr", "ν"},    {"num", "#"},    {"ogr", "ο"},
    {"ohgr", "ω"},   {"ohm", "Ω"},    {"percnt", "%"}, {"period", "."}, {"pgr", "π"},
    {"phgr", "φ"},   {"plus", "+"},   {"psgr", "ψ"},   {"quest", "?"},  {"rcub", "}"},
    {"rgr", "ρ"},    {"rpar", ")"},   {"rsqb", "]"},   {"semi", ";"},   {"sgr", "σ"},
    {"sol", "/"},    {"tgr", "τ"},    {"thgr", "θ"},   {"tilde", "~"},  {"verbar", "|"},
    {"xgr", "ξ"},    {"zgr", "ζ"},
};

static void
free_entity (gpointer data)
{
  xmlEntity *entity = data;

  xmlFree (entity->content);
  g_free ((gpointer)(guintptr)entity->name);
  g_free (entity);
}

XmlEntities *
xml_entities_new (void)
{
  XmlEntities *entities = g_new0 (XmlEntities, 1);

  entities->by_name = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, free_entity);
  return entities;
}

void
xml_entities_free (XmlEntities *entities)
{
  if (entities != NULL)
    g_hash_table_unref (entities->by_name);
  g_free (entities);
}

/* As if predefined: libxml2 hands the content on as it is and looks into it no further. */
static xmlEntity *
add (XmlEntities *entities, const char *name, const char *content)
{
  static xmlChar no_original[] = "";
  xmlEntity *entity = g_new0 (xmlEntity, 1);

  entity->type = XML_ENTITY_DECL;
  entity->etype = XML_INTERNAL_PREDEFINED_ENTITY;
  entity->name = (const xmlChar *)g_strdup (name);
  entity->content = xmlStrdup ((const xmlChar *)content);
  entity->length = (int)strlen (content);
  entity->orig = no_original;
  g_hash_table_replace (entities->by_name, (gpointer)(guintptr)entity->name, entity);
  return entity;
}

void
xml_entities_declare (XmlEntities *entities, const char *name, int type, const char *content)
{
  if (type == XML_INTERNAL_PARAMETER_ENTITY || type == XML_EXTERNAL_PARAMETER_ENTITY)
    return;
  if (type != XML_INTERNAL_GENERAL_ENTITY || content == NULL || strlen (content) > ENTITY_BYTES ||
      strpbrk (content, "&<%") != NULL)
    content = "";
  if (g_hash_table_size (entities->by_name) < ENTITIES_MAX &&
      !g_hash_table_contains (entities->by_name, name))
    add (entities, name, content);
}

xmlEntityPtr
xml_entities_get (XmlEntities *entities, const char *name)
{
  xmlEntityPtr entity = xmlGetPredefinedEntity ((const xmlChar *)name);
  const htmlEntityDesc *html;
  char utf8[8] = "";

  if (entity == NULL)
    entity = g_hash_table_lookup (entities->by_name, name);
  if (entity != NULL)
    return entity;
  /* feeds use HTML's names without declaring them */
  html = htmlEntityLookup ((const xmlChar *)name);
  if (html != NULL) {
    utf8[g_unichar_to_utf8 (html->value, utf8)] = '\0';
    return add (entities, name, utf8);
  }
  for (guint i = 0; i < G_N_ELEMENTS (iso_names); i++)
    if (strcmp (iso_names[i][0], name) == 0)
      return add (entities, name, iso_names[i][1]);
  return g_hash_table_size (entities->by_name) >= ENTITIES_MAX ? NULL : add (entities, name, "");
}

xmlEntityPtr
xml_entities_get_parameter (XmlEntities *entities)
{
  xmlEntityPtr entity = g_hash_table_lookup (entities->by_name, "%");

  return entity == NULL ? add (entities, "%", "") : entity;
}
