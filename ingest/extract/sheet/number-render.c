/* Numbers and fractions of a section. */
#include "number-section.h"

#include <math.h>
#include <string.h>

/* no format has more; what has is cut */
#define PLACES_MAX 30
/* beyond them General shows an exponent */
#define GENERAL_EXPONENT_MAX 20
#define GENERAL_EXPONENT_MIN (-9)
#define DENOMINATOR_MAX 100000

/* --- decimal digits ----------------------------------------------------------------------------
 */

static void
drop_zeros (Decimal *decimal)
{
  while (decimal->n > 0 && decimal->digits[decimal->n - 1] == '0')
    decimal->n--;
  if (decimal->n == 0)
    decimal->exponent = 0;
}

void
decimal_from_double (double value, Decimal *decimal)
{
  char text[DECIMAL_DIGITS + 16];

  /* "d.dddde+xx", whatever the locale's point is */
  g_snprintf (text, sizeof text, "%.*e", DECIMAL_DIGITS - 1, value);
  decimal->digits[0] = text[0];
  memcpy (decimal->digits + 1, text + 2, DECIMAL_DIGITS - 1);
  decimal->n = DECIMAL_DIGITS;
  decimal->exponent = (int)g_ascii_strtoll (strchr (text, 'e') + 1, NULL, 10) + 1;
  drop_zeros (decimal);
}

void
decimal_round (Decimal *decimal, int places)
{
  int keep = decimal->exponent + places;
  gboolean up;

  if (keep >= decimal->n)
    return;
  if (keep < 0) {
    decimal->n = 0;
    decimal->exponent = 0;
    return;
  }
  up = decimal->digits[keep] >= '5';
  decimal->n = keep;
  while (up && keep > 0 && ++decimal->digits[keep - 1] > '9') {
    keep--;
    decimal->n = keep;
  }
  if (up && keep == 0) {
    decimal->digits[0] = '1';
    decimal->n = 1;
    decimal->exponent++;
  }
  drop_zeros (decimal);
}

/* The digit at 10^place. */
static char
digit_at (const Decimal *decimal, int place)
{
  int index = decimal->exponent - 1 - place;

  return index >= 0 && index < decimal->n ? decimal->digits[index] : '0';
}

static void
append_exponent (int exponent, gboolean plus, int digits, GString *out)
{
  g_string_append (out, exponent < 0 ? "E-" : plus ? "E+" : "E");
  g_string_append_printf (out, "%0*d", MAX (digits, 1), ABS (exponent));
}

void
number_format_append_general (double value, GString *out)
{
  Decimal decimal;
  int first, last;
  gboolean scientific;

  if (!isfinite (value)) {
    g_string_append (out, "#NUM!");
    return;
  }
  decimal_from_double (fabs (value), &decimal);
  if (decimal.n == 0) {
    g_string_append_c (out, '0');
    return;
  }
  if (value < 0)
    g_string_append_c (out, '-');
  scientific = decimal.exponent > GENERAL_EXPONENT_MAX || decimal.exponent <= GENERAL_EXPONENT_MIN;
  first = scientific ? decimal.exponent - 1 : MAX (decimal.exponent - 1, 0);
  last = decimal.exponent - decimal.n;
  for (int place = first; place >= MIN (last, scientific ? first : 0); place--) {
    g_string_append_c (out, digit_at (&decimal, place));
    if (place == (scientific ? first : 0) && last < place)
      g_string_append_c (out, '.');
  }
  if (scientific)
    append_exponent (decimal.exponent - 1, TRUE, 2, out);
}

/* --- numbers -----------------------------------------------------------------------------------
 */

/* What the tokens of a section ask for. */
typedef struct {
  int integer_places; /* digit tokens before the point */
  int decimal_places; /* after it */
  int exponent_places;
  int scale; /* of ten: percent signs and commas at the end */
  gboolean has_thousands;
  char exponent_sign; /* '+' or '-'; 0: none */
} Layout;

static const Token *
token_at (const Section *section, guint i)
{
  return &g_array_index (section->tokens, Token, i);
}

/* Is a digit token to follow before the point? A comma before it parts thousands. */
static gboolean
digit_follows (const Section *section, guint i)
{
  for (; i < section->tokens->len; i++) {
    TokenType type = token_at (section, i)->type;

    if (type == TOKEN_DIGIT)
      return TRUE;
    if (type == TOKEN_POINT || type == TOKEN_EXPONENT)
      return FALSE;
  }
  return FALSE;
}

static void
read_layout (const Section *section, Layout *layout)
{
  gboolean point = FALSE;

  for (guint i = 0; i < section->tokens->len; i++) {
    const Token *token = token_at (section, i);

    if (token->type == TOKEN_DIGIT && layout->exponent_sign != 0)
      layout->exponent_places++;
    else if (token->type == TOKEN_DIGIT && point)
      layout->decimal_places++;
    else if (token->type == TOKEN_DIGIT)
      layout->integer_places++;
    else if (token->type == TOKEN_POINT)
      point = TRUE;
    else if (token->type == TOKEN_PERCENT)
      layout->scale += 2;
    else if (token->type == TOKEN_EXPONENT)
      layout->exponent_sign = token->letter;
    else if (token->type == TOKEN_COMMA && layout->integer_places > 0) {
      if (!point && digit_follows (section, i + 1))
        layout->has_thousands = TRUE;
      else if (!digit_follows (section, i + 1))
        layout->scale -= 3;
    }
  }
  layout->decimal_places = MIN (layout->decimal_places, PLACES_MAX);
}

/* The exponent shown; the decimal becomes the mantissa, rounded. */
static int
take_exponent (const Layout *layout, Decimal *decimal)
{
  int step = MAX (layout->integer_places, 1);

  for (int pass = 0; pass < 2; pass++) {
    Decimal mantissa = *decimal;
    int first = decimal->exponent - 1;
    int exponent = layout->integer_places == 0
                       ? decimal->exponent
                       : (first >= 0 ? first / step : -((step - 1 - first) / step)) * step;

    if (decimal->n == 0)
      return 0;
    mantissa.exponent -= exponent;
    decimal_round (&mantissa, layout->decimal_places);
    /* 9.99 that becomes 10.0 is 1.00 of the next exponent */
    if (pass == 1 || mantissa.exponent <= step) {
      *decimal = mantissa;
      return exponent;
    }
    mantissa.exponent += exponent;
    *decimal = mantissa;
  }
  return 0;
}

typedef struct {
  const Layout *layout;
  const Decimal *decimal;
  int exponent;
  int integer_seen, decimal_seen; /* digit tokens passed */
  gboolean point, in_exponent;
  GString *out;
} Writer;

static void
append_integer_digit (Writer *writer, int place)
{
  g_string_append_c (writer->out, digit_at (writer->decimal, place));
  if (writer->layout->has_thousands && place > 0 && place % 3 == 0)
    g_string_append_c (writer->out, ',');
}

/* The integer digit of a token; before the first one those that have no token. */
static void
write_integer (Writer *writer, char letter)
{
  int place = writer->layout->integer_places - 1 - writer->integer_seen;
  int highest = writer->decimal->n == 0 ? -1 : writer->decimal->exponent - 1;

  for (int i = highest; writer->integer_seen == 0 && i > place; i--)
    append_integer_digit (writer, i);
  writer->integer_seen++;
  if (place <= highest || letter == '0')
    append_integer_digit (writer, place);
  else if (letter == '?')
    g_string_append_c (writer->out, ' ');
}

static void
write_decimal (Writer *writer, char letter)
{
  int place = -1 - writer->decimal_seen++;
  /* the last digit that is not zero is at exponent - n */
  gboolean is_left =
      writer->decimal->n > 0 && place >= writer->decimal->exponent - writer->decimal->n;

  if (writer->decimal_seen > PLACES_MAX)
    return;
  if (is_left || letter == '0')
    g_string_append_c (writer->out, digit_at (writer->decimal, place));
  else if (letter == '?')
    g_string_append_c (writer->out, ' ');
}

static void
write_token (Writer *writer, const Section *section, const Token *token)
{
  switch (token->type) {
  case TOKEN_LITERAL:
    g_string_append_len (writer->out, section->literals->str + token->offset, (gssize)token->bytes);
    break;
  case TOKEN_DIGIT:
    if (writer->in_exponent)
      break;
    if (writer->point)
      write_decimal (writer, token->letter);
    else
      write_integer (writer, token->letter);
    break;
  case TOKEN_POINT:
    /* ".00" of 12.5: the digits before the point have no token */
    if (!writer->point && writer->layout->integer_places == 0 && writer->decimal->n > 0)
      for (int i = writer->decimal->exponent - 1; i >= 0; i--)
        append_integer_digit (writer, i);
    writer->point = TRUE;
    g_string_append_c (writer->out, '.');
    break;
  case TOKEN_PERCENT:
  case TOKEN_SLASH:
    g_string_append_c (writer->out, token->letter);
    break;
  case TOKEN_EXPONENT:
    writer->in_exponent = TRUE;
    append_exponent (writer->exponent, token->letter == '+', writer->layout->exponent_places,
                     writer->out);
    break;
  default:
    break;
  }
}

static gboolean
has_general (const Section *section)
{
  for (guint i = 0; i < section->tokens->len; i++)
    if (token_at (section, i)->type == TOKEN_GENERAL)
      return TRUE;
  return FALSE;
}

/* General with literals around it. */
static void
append_general_section (const Section *section, double value, GString *out)
{
  for (guint i = 0; i < section->tokens->len; i++) {
    const Token *token = token_at (section, i);

    if (token->type == TOKEN_GENERAL)
      number_format_append_general (value, out);
    else if (token->type == TOKEN_LITERAL)
      g_string_append_len (out, section->literals->str + token->offset, (gssize)token->bytes);
  }
}

void
section_append_number (const Section *section, double value, GString *out)
{
  Layout layout = {0};
  Decimal decimal;
  Writer writer = {.layout = &layout, .decimal = &decimal, .out = out};

  if (has_general (section)) {
    append_general_section (section, value, out);
    return;
  }
  read_layout (section, &layout);
  decimal_from_double (fabs (value), &decimal);
  if (decimal.n > 0)
    decimal.exponent += layout.scale;
  if (layout.exponent_sign != 0)
    writer.exponent = take_exponent (&layout, &decimal);
  else
    decimal_round (&decimal, layout.decimal_places);
  if (value < 0 && decimal.n > 0 && layout.integer_places + layout.decimal_places > 0)
    g_string_append_c (out, '-');
  for (guint i = 0; i < section->tokens->len; i++)
    write_token (&writer, section, token_at (section, i));
}

/* --- fractions ---------------------------------------------------------------------------------
 */

typedef struct {
  guint64 numerator, denominator;
} Fraction;

/* The best approximation of 0 <= value < 1e9 whose denominator is at most `max`: convergents of the
 * continued fraction, and what lies between the last two. */
static Fraction
approximate (double value, guint64 max)
{
  guint64 p0 = 0, q0 = 1, p1 = 1, q1 = 0;
  double rest = value;

  for (guint i = 0; i < 40; i++) {
    guint64 a = (guint64)rest;
    guint64 q2 = a * q1 + q0;
    guint64 p2 = a * p1 + p0;

    if (q2 > max || rest > 1e9) {
      guint64 k = q1 == 0 ? 0 : (max - q0) / q1;
      Fraction between = {p0 + k * p1, q0 + k * q1};
      double error_between = fabs (value - (double)between.numerator / (double)between.denominator);
      double error_last = q1 == 0 ? INFINITY : fabs (value - (double)p1 / (double)q1);

      return rest <= 1e9 && error_between < error_last ? between : (Fraction){p1, q1};
    }
    p0 = p1, q0 = q1, p1 = p2, q1 = q2;
    if (rest - (double)a < 1e-12)
      break;
    rest = 1 / (rest - (double)a);
  }
  return (Fraction){p1, q1};
}

/* Digits of the tokens from `i` on, and where they end. */
static guint
count_digits (const Section *section, guint *i)
{
  guint n = 0;

  while (*i < section->tokens->len && token_at (section, *i)->type == TOKEN_DIGIT) {
    n++;
    (*i)++;
  }
  return n;
}

/* The denominator as the code has it ("/8", "/100", whose zeros are digit tokens); 0: as many
 * digits as `places` says. first: the token after the slash; end: set to the first one after the
 * denominator, of which `skip` bytes are digits. */
static guint64
read_denominator (const Section *section, guint first, guint *places, guint *end, gsize *skip)
{
  guint64 value = 0;

  *end = first;
  if (token_at (section, first)->type == TOKEN_DIGIT) {
    *places = count_digits (section, end);
    *places = CLAMP (*places, 1, 7);
    return 0;
  }
  for (; *end < section->tokens->len && value < DENOMINATOR_MAX; (*end)++) {
    const Token *token = token_at (section, *end);
    const char *text = section->literals->str + token->offset;

    if (token->type == TOKEN_DIGIT && token->letter == '0') {
      value *= 10;
      continue;
    }
    while (token->type == TOKEN_LITERAL && *skip < token->bytes && value < DENOMINATOR_MAX &&
           g_ascii_isdigit (text[*skip]))
      value = value * 10 + (guint64)(text[(*skip)++] - '0');
    if (token->type != TOKEN_LITERAL || *skip < token->bytes)
      break;
    *skip = 0;
  }
  return MAX (value, 1);
}

static void
append_literals (const Section *section, guint from, guint to, gsize skip, GString *out)
{
  for (guint i = from; i < to && i < section->tokens->len; i++) {
    const Token *token = token_at (section, i);

    if (token->type == TOKEN_LITERAL && skip < token->bytes)
      g_string_append_len (out, section->literals->str + token->offset + skip,
                           (gssize)(token->bytes - skip));
    skip = 0;
  }
}

/* Tokens: [whole digits] literals [numerator digits] / denominator literals. */
void
section_append_fraction (const Section *section, double value, GString *out)
{
  guint slash = 0, numerator, whole = 0, places = 1, end;
  gsize skip = 0;
  double left = fabs (value), integer = 0;
  guint64 denominator;
  Fraction fraction;

  if (left >= 1e9) {
    number_format_append_general (value, out);
    return;
  }
  while (token_at (section, slash)->type != TOKEN_SLASH)
    slash++;
  numerator = slash;
  while (numerator > 0 && token_at (section, numerator - 1)->type == TOKEN_DIGIT)
    numerator--;
  while (whole < numerator && token_at (section, whole)->type != TOKEN_DIGIT)
    whole++;
  denominator = read_denominator (section, slash + 1, &places, &end, &skip);
  if (whole < numerator)
    left = modf (left, &integer);
  if (denominator > 0)
    fraction = (Fraction){(guint64)llround (left * (double)denominator), denominator};
  else
    fraction = approximate (left, (guint64)pow (10, places) - 1);
  if (whole < numerator && fraction.numerator == fraction.denominator) {
    integer++;
    fraction.numerator = 0;
  }
  if (value < 0 && (integer > 0 || fraction.numerator > 0))
    g_string_append_c (out, '-');
  append_literals (section, 0, whole, 0, out);
  if (whole < numerator && (integer > 0 || fraction.numerator == 0))
    g_string_append_printf (out, "%.0f%s", integer, fraction.numerator > 0 ? " " : "");
  if (fraction.numerator > 0 || whole == numerator)
    g_string_append_printf (out, "%" G_GUINT64_FORMAT "/%" G_GUINT64_FORMAT, fraction.numerator,
                            fraction.denominator);
  append_literals (section, end, section->tokens->len, skip, out);
}
