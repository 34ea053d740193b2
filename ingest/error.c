#include "error.h"

#include "db/error.h"

GQuark
ingest_error_quark (void)
{
  return g_quark_from_static_string ("ingest-error");
}

static ExitCode
exit_code_from_db_error (const GError *error)
{
  switch ((DbError)error->code) {
  case DB_ERROR_ADDRESS:
  case DB_ERROR_AUTH:
  case DB_ERROR_INPUT:
    return EXIT_USAGE;
  case DB_ERROR_AWAY:
  case DB_ERROR_LOCKED:
  case DB_ERROR_CONFLICT:
    return EXIT_LATER;
  default:
    return EXIT_FAILED;
  }
}

ExitCode
exit_code_from_error (const GError *error)
{
  if (error->domain == DB_ERROR)
    return exit_code_from_db_error (error);
  /* G_CONVERT_ERROR: an argument that is not in the locale's character set */
  if (error->domain == G_OPTION_ERROR || error->domain == G_CONVERT_ERROR ||
      g_error_matches (error, INGEST_ERROR, INGEST_ERROR_USAGE))
    return EXIT_USAGE;
  return EXIT_FAILED;
}
