/* xml-entities.h: what stands for an entity. None is expanded by libxml2, nothing is loaded: short
 * plain replacements alone are known, those of HTML and of ISO's sets among them. */
#pragma once

#include <libxml/parser.h>

#include <glib.h>

typedef struct XmlEntities XmlEntities;

XmlEntities *xml_entities_new (void);
void xml_entities_free (XmlEntities *entities);

/* For a DOCTYPE's internal subset; what is neither short nor plain becomes empty. Arguments as
 * SAX2's entityDecl. */
void xml_entities_declare (XmlEntities *entities, const char *name, int type, const char *content);

/* Never expands into anything but plain text; owned by `entities`; NULL when there are too many. */
xmlEntityPtr xml_entities_get (XmlEntities *entities, const char *name);

/* Parts of a DTD are not read. An entity that is no parameter entity gets a warning from libxml2,
 * none at all would be an error, after which it drops every reference. */
xmlEntityPtr xml_entities_get_parameter (XmlEntities *entities);
