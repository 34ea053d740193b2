/* tnef.h: the attributes of a TNEF stream (MS-OXTNEF). */
#pragma once

#include "mapi.h"

typedef struct {
  MapiProperties *properties; /* its data is MAPI_ATTACH_DATA */
} TnefAttachment;

typedef struct {
  MapiProperties *properties;
  GPtrArray *attachments; /* (element-type TnefAttachment) */
  gboolean is_cut_short;  /* it is damaged after what there is */
} Tnef;

/* bytes begin with the signature. (transfer full) */
Tnef *tnef_read (GBytes *bytes);
void tnef_free (Tnef *tnef);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Tnef, tnef_free)
