/* Dates and times of a section. */
#include "number-section.h"

#include <math.h>
#include <string.h>
#include <unicode/udat.h>
#include <unicode/uloc.h>
#include <unicode/ustring.h>

/* 9999-12-31, the last day that has a date */
#define SERIAL_MAX 2958466
#define EPOCH_1904_DAYS 1462
#define MS_A_DAY 86400000
#define LCID_ENGLISH 0x09 /* the primary language of all kinds of English */

typedef struct {
  int year, month, day; /* 1900.., 1-12, 0-31 */
  int weekday;          /* 0: Sunday */
  int hour, minute, second, ms;
  gint64 total_ms; /* since the epoch */
} Moment;

/* Proleptic Gregorian date of a day count from 1970-01-01 (after Howard Hinnant's civil_from_days).
 */
static void
date_from_days (gint64 days, Moment *moment)
{
  gint64 era, z = days + 719468;
  guint day_of_era, year_of_era, day_of_year, month;

  era = (z >= 0 ? z : z - 146096) / 146097;
  day_of_era = (guint)(z - era * 146097);
  year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  month = (5 * day_of_year + 2) / 153;
  moment->day = (int)(day_of_year - (153 * month + 2) / 5 + 1);
  moment->month = (int)(month < 10 ? month + 3 : month - 9);
  moment->year = (int)(year_of_era + era * 400) + (moment->month <= 2);
}

/* Days from 1899-12-30, where day 60 is the 29th of February 1900 that never was. */
static gboolean
moment_from_serial (double serial, gboolean epoch_1904, gint64 unit_ms, Moment *moment)
{
  gint64 days, ms;

  if (!(serial >= 0) || serial >= SERIAL_MAX)
    return FALSE;
  moment->total_ms = (llround (serial * MS_A_DAY) + unit_ms / 2) / unit_ms * unit_ms;
  ms = moment->total_ms % MS_A_DAY;
  days = moment->total_ms / MS_A_DAY + (epoch_1904 ? EPOCH_1904_DAYS : 0);
  moment->weekday = (int)((days + 6) % 7);
  moment->hour = (int)(ms / 3600000);
  moment->minute = (int)(ms / 60000 % 60);
  moment->second = (int)(ms / 1000 % 60);
  moment->ms = (int)(ms % 1000);
  if (days == 60) {
    moment->year = 1900, moment->month = 2, moment->day = 29;
  } else if (days == 0) {
    moment->year = 1900, moment->month = 1, moment->day = 0;
  } else {
    date_from_days (days - 25569 + (days < 60), moment);
  }
  return TRUE;
}

/* --- names -------------------------------------------------------------------------------------
 */

static const char *const months[] = {"January",   "February", "March",    "April",
                                     "May",       "June",     "July",     "August",
                                     "September", "October",  "November", "December"};
static const char *const weekdays[] = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                       "Thursday", "Friday", "Saturday"};

/* The name that ICU knows in the language; FALSE: it knows none. */
static gboolean
append_foreign_name (guint lcid, UDateFormatSymbolType type, int index, GString *out)
{
  char locale[ULOC_FULLNAME_CAPACITY], utf8[256];
  UChar name[64];
  UErrorCode status = U_ZERO_ERROR;
  UDateFormat *format;
  int32_t bytes = 0;

  uloc_getLocaleForLCID (lcid, locale, sizeof locale, &status);
  if (U_FAILURE (status))
    return FALSE;
  format = udat_open (UDAT_DEFAULT, UDAT_DEFAULT, locale, u"UTC", 3, NULL, 0, &status);
  if (U_FAILURE (status))
    return FALSE;
  u_strToUTF8 (utf8, sizeof utf8, &bytes, name,
               udat_getSymbols (format, type, index, name, G_N_ELEMENTS (name), &status), &status);
  udat_close (format);
  if (U_FAILURE (status) || bytes <= 0 || bytes >= (int32_t)sizeof utf8)
    return FALSE;
  g_string_append_len (out, utf8, bytes);
  return TRUE;
}

static gboolean
is_foreign (const Section *section)
{
  return section->locale != 0 && (section->locale & 0x3ff) != LCID_ENGLISH;
}

static void
append_month (const Section *section, int month, guint count, GString *out)
{
  UDateFormatSymbolType type = count == 3   ? UDAT_SHORT_MONTHS
                               : count == 5 ? UDAT_NARROW_MONTHS
                                            : UDAT_MONTHS;

  if (is_foreign (section) && append_foreign_name (section->locale, type, month - 1, out))
    return;
  g_string_append_len (out, months[month - 1], count == 3 ? 3 : count == 5 ? 1 : -1);
}

static void
append_weekday (const Section *section, int weekday, guint count, GString *out)
{
  if (is_foreign (section) &&
      append_foreign_name (section->locale, count == 3 ? UDAT_SHORT_WEEKDAYS : UDAT_WEEKDAYS,
                           weekday + 1, out))
    return;
  g_string_append_len (out, weekdays[weekday], count == 3 ? 3 : -1);
}

/* --- a section ---------------------------------------------------------------------------------
 */

static void
append_padded (gint64 value, guint digits, GString *out)
{
  g_string_append_printf (out, "%0*" G_GINT64_FORMAT, (int)MIN (digits, 18), value);
}

static void
append_date_token (const Section *section, const Token *token, const Moment *moment,
                   gboolean twelve_hours, GString *out)
{
  int hour = moment->hour;

  switch (token->letter) {
  case 'y':
    if (token->count <= 2)
      append_padded (moment->year % 100, 2, out);
    else
      append_padded (moment->year, 4, out);
    break;
  case 'm':
    if (token->count >= 3)
      append_month (section, moment->month, token->count, out);
    else
      append_padded (moment->month, token->count, out);
    break;
  case 'd':
    if (token->count >= 3)
      append_weekday (section, moment->weekday, token->count, out);
    else
      append_padded (moment->day, token->count, out);
    break;
  case 'h':
    if (twelve_hours)
      hour = (hour + 11) % 12 + 1;
    append_padded (hour, MIN (token->count, 2), out);
    break;
  case 'n':
    append_padded (moment->minute, MIN (token->count, 2), out);
    break;
  default:
    append_padded (moment->second, MIN (token->count, 2), out);
    break;
  }
}

static void
append_token (const Section *section, const Token *token, const Moment *moment,
              gboolean twelve_hours, GString *out)
{
  static const int powers[] = {1, 10, 100, 1000};
  gint64 unit;

  switch (token->type) {
  case TOKEN_LITERAL:
    g_string_append_len (out, section->literals->str + token->offset, (gssize)token->bytes);
    break;
  case TOKEN_DATE:
    append_date_token (section, token, moment, twelve_hours, out);
    break;
  case TOKEN_ELAPSED:
    unit = token->letter == 'h' ? 3600000 : token->letter == 'n' ? 60000 : 1000;
    append_padded (moment->total_ms / unit, token->count, out);
    break;
  case TOKEN_SUBSECOND:
    g_string_append_c (out, '.');
    append_padded (moment->ms / powers[3 - MIN (token->count, 3)], MIN (token->count, 3), out);
    break;
  case TOKEN_AM_PM:
    g_string_append_len (out, moment->hour < 12 ? "AM" : "PM", token->count);
    break;
  default:
    break;
  }
}

static gboolean
has_token (const Section *section, TokenType type)
{
  for (guint i = 0; i < section->tokens->len; i++)
    if (g_array_index (section->tokens, Token, i).type == type)
      return TRUE;
  return FALSE;
}

/* The least time that the section shows: what is below is rounded, not cut. */
static gint64
rounding_unit (const Section *section)
{
  gint64 unit = 1000;

  for (guint i = 0; i < section->tokens->len; i++) {
    const Token *token = &g_array_index (section->tokens, Token, i);

    if (token->type == TOKEN_SUBSECOND)
      unit = MIN (unit, token->count == 1 ? 100 : token->count == 2 ? 10 : 1);
  }
  return unit;
}

gboolean
section_append_date (const Section *section, double value, gboolean epoch_1904, GString *out)
{
  gboolean twelve_hours = has_token (section, TOKEN_AM_PM);
  gboolean negative = value < 0 && (epoch_1904 || has_token (section, TOKEN_ELAPSED));
  Moment moment;

  if (!moment_from_serial (negative ? -value : value, epoch_1904, rounding_unit (section), &moment))
    return FALSE;
  if (negative)
    g_string_append_c (out, '-');
  for (guint i = 0; i < section->tokens->len; i++)
    append_token (section, &g_array_index (section->tokens, Token, i), &moment, twelve_hours, out);
  return TRUE;
}

/* --- ISO 8601 ----------------------------------------------------------------------------------
 */

/* `digits` decimal digits; -1: there are none. */
static int
read_digits (const char **at, guint digits)
{
  int value = 0;

  for (guint i = 0; i < digits; i++, (*at)++) {
    if (!g_ascii_isdigit (**at))
      return -1;
    value = value * 10 + **at - '0';
  }
  return value;
}

static gboolean
skip (const char **at, char sign)
{
  if (**at != sign)
    return FALSE;
  (*at)++;
  return TRUE;
}

gboolean
number_format_parse_date (const char *text, double *value)
{
  const char *at = text;
  int year = read_digits (&at, 4);
  int month = skip (&at, '-') ? read_digits (&at, 2) : -1;
  int day = skip (&at, '-') ? read_digits (&at, 2) : -1;
  int hour = 0, minute = 0;
  double second = 0;
  GDate date;

  if (year < 1900 || month < 1 || day < 1 ||
      !g_date_valid_dmy ((GDateDay)day, (GDateMonth)month, (GDateYear)year))
    return FALSE;
  if (skip (&at, 'T') || skip (&at, ' ')) {
    hour = read_digits (&at, 2);
    minute = skip (&at, ':') ? read_digits (&at, 2) : -1;
    if (hour < 0 || minute < 0 || hour > 24 || minute > 59)
      return FALSE;
    if (skip (&at, ':'))
      second = CLAMP (g_ascii_strtod (at, NULL), 0, 60);
  }
  g_date_set_dmy (&date, (GDateDay)day, (GDateMonth)month, (GDateYear)year);
  /* 693594 days to 1899-12-30 of GDate's count; before March 1900 Excel is a day behind */
  *value = (double)g_date_get_julian (&date) - 693594;
  if (*value <= 60)
    *value -= 1;
  *value += (hour * 3600 + minute * 60 + second) / 86400;
  return TRUE;
}
