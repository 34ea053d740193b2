/* Keeps poppler from colour management.
 *
 * Reading text needs no colours, but poppler builds the transforms of each ICC profile on each
 * page: up to a third of the time that a page takes. Where a profile cannot be opened it goes on
 * with the plain colour space that stands in for it. The linker lets this take the place of lcms2's
 * function of the same name (Makefile: --export-dynamic-symbol), in the worker only.
 */
#include <glib.h>

void *cmsOpenProfileFromMem (const void *profile, guint32 bytes);

void *
cmsOpenProfileFromMem (const void *profile, guint32 bytes)
{
  return NULL;
}
