#include "charset-names.h"

#include <unicode/ucnv_err.h>

/* What writers mean by a name, where it is more than the name says (the WHATWG's table), and names
 * that ICU does not know. */
static const char *const meant[][2] = {
    {"iso-8859-1", "windows-1252"},
    {"latin1", "windows-1252"},
    {"us-ascii", "windows-1252"},
    {"ascii", "windows-1252"},
    {"iso-8859-9", "windows-1254"},
    {"iso-8859-11", "windows-874"},
    {"tis-620", "windows-874"},
    {"gb2312", "gb18030"},
    {"gbk", "gb18030"},
    {"euc-cn", "gb18030"},
    {"euc-kr", "windows-949"},
    {"ks_c_5601-1987", "windows-949"},
    {"uhc", "windows-949"},
    {"shift_jis", "windows-31j"},
    {"x-sjis", "windows-31j"},
    {"sjis", "windows-31j"},
    {"big5", "big5-hkscs"},
    {"mac-cyrillic", "x-mac-cyrillic"},
    {"maccyrillic", "x-mac-cyrillic"},
    {"mac-centraleurope", "x-mac-centraleurroman"},
    {"iso-8859-8-i", "iso-8859-8"},
    {"hz-gb-2312", "HZ"},
    {"cp949", "windows-949"},
    {"cp932", "windows-31j"},
    {"ms932", "windows-31j"},
    {"cp936", "gb18030"},
    {"cp950", "big5-hkscs"},
    {"x-mac-roman", "macintosh"},
    {"macroman", "macintosh"},
    {"x-mac-centraleurope", "x-mac-centraleurroman"},
    {"visual", "iso-8859-8"},
    {"logical", "iso-8859-8"},
    {"unicode", "UTF-8"},
    {"x-user-defined", "windows-1252"},
};

UConverter *
charset_open_icu (const char *name)
{
  UErrorCode status = U_ZERO_ERROR;
  UConverter *converter;

  for (guint i = 0; i < G_N_ELEMENTS (meant); i++)
    if (g_ascii_strcasecmp (meant[i][0], name) == 0)
      name = meant[i][1];
  converter = ucnv_open (name, &status);
  return U_FAILURE (status) ? NULL : converter;
}

void
charset_count_and_substitute (const void *context, UConverterToUnicodeArgs *args, const char *units,
                              int32_t length, UConverterCallbackReason reason, UErrorCode *status)
{
  if (reason <= UCNV_IRREGULAR)
    (*(guint64 *)(guintptr)context)++;
  UCNV_TO_U_CALLBACK_SUBSTITUTE (NULL, args, units, length, reason, status);
}
