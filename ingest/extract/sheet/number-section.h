/* number-section.h: a section of a number format, taken apart: what number-format.c parses and
 * number-render.c and number-date.c apply. */
#pragma once

#include "number-format.h"

typedef enum {
  TOKEN_LITERAL, /* text */
  TOKEN_DIGIT,   /* letter: 0 # ? */
  TOKEN_POINT,
  TOKEN_COMMA,
  TOKEN_PERCENT,
  TOKEN_EXPONENT, /* letter: '+' or '-' */
  TOKEN_SLASH,    /* of a fraction */
  TOKEN_GENERAL,
  TOKEN_TEXT,      /* @ */
  TOKEN_DATE,      /* letter: y m d h n(minute) s, count */
  TOKEN_ELAPSED,   /* letter: h n s, count */
  TOKEN_SUBSECOND, /* count of digits; the point is part of it */
  TOKEN_AM_PM,     /* count: 1 for A/P */
} TokenType;

typedef struct {
  TokenType type;
  char letter;
  guint8 count;
  guint offset; /* of TOKEN_LITERAL, in Section.literals */
  guint bytes;
} Token;

typedef enum { SECTION_NUMBER, SECTION_FRACTION, SECTION_DATE, SECTION_TEXT } SectionKind;

typedef struct {
  SectionKind kind;
  GArray *tokens; /* (element-type Token) */
  GString *literals;
  guint locale;  /* LCID; 0: none */
  char operator; /* < > = l(<=) g(>=) n(<>); 0: no condition */
  double operand;
} Section;

/* The value's digits in decimal: 0.d1d2d3... * 10^exponent. */
#define DECIMAL_DIGITS 15
typedef struct {
  char digits[DECIMAL_DIGITS + 1]; /* '0'-'9', without zeros at the end */
  int n;                           /* 0: the value is zero */
  int exponent;
} Decimal;

/* value: finite, not negative. */
void decimal_from_double (double value, Decimal *decimal);

/* Keeps `places` digits after the point, half away from zero. */
void decimal_round (Decimal *decimal, int places);

/* value: as the section shows it, without sign where the section implies one. */
void section_append_number (const Section *section, double value, GString *out);
void section_append_fraction (const Section *section, double value, GString *out);

/* FALSE, nothing appended: the value is no date. */
gboolean section_append_date (const Section *section, double value, gboolean epoch_1904,
                              GString *out);
