/* ingest: makes uploaded files searchable. */
#include "command.h"

#include <locale.h>
#include <stdio.h>
#include <string.h>

static const Command commands[] = {
    {"add", cmd_add, "FILE... --folder FOLDER", "load files (the word add may be left out)"},
    {"search", cmd_search, "WORDS", "find words in what is loaded"},
    {"extract", cmd_stage, "FILE...", "only extract: print Markdown or, with --json, NDJSON"},
    {"chunk", cmd_stage, "[FILE...]", "only chunk: Markdown or extract's NDJSON in, chunks out"},
    {"load", cmd_stage, "--folder FOLDER", "only load: chunk's NDJSON in"},
    {"db", cmd_db, "push|drop|codegen|url|start|...", "the schema, and the private database"},
};

static void
print_key (const char *group, const char *key, const char *environment, const char *value,
           const char *help, gpointer user_data)
{
  printf ("  [%s] %s = %s\n      %s (%s)\n", group, key, value, help, environment);
}

static void
print_help (void)
{
  puts ("Usage: ingest FILE... --folder FOLDER [--user UUID|E-MAIL]\n"
        "       ingest COMMAND [OPTIONS]\n"
        "\n"
        "Makes files searchable: extracts their text, splits it into chunks and loads them into\n"
        "the documents and document_chunks of a Postgres database.\n"
        "\n"
        "Commands (each has --help):");
  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    printf ("  %-8s %-32s %s\n", commands[i].name, commands[i].arguments, commands[i].summary);
  puts ("\n"
        "The database is DATABASE_URL (postgresql://USER@HOST:PORT/DATABASE) or libpq's PGHOST,\n"
        "PGUSER, ...; the password belongs there, in PGPASSWORD or in ~/.pgpass, never on the\n"
        "command line. --local uses a private database on this machine.\n"
        "\n"
        "Settings of pipeline.ini with their defaults (and environment variables):");
  config_describe (print_key, NULL);
  puts ("\n"
        "Exit codes: 0 all loaded, 1 failed, 2 usage or configuration, 3 finished but some files\n"
        "were refused, 4 try again later (database or storage away).");
}

static const Command *
find_command (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    if (strcmp (commands[i].name, name) == 0)
      return &commands[i];
  return NULL;
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  g_set_prgname ("ingest");
  if (argc < 2) {
    g_printerr ("ingest: no file and no command is given; it reads: ingest FILE... --folder FOLDER "
                "(see ingest --help)\n");
    return EXIT_USAGE;
  }
  if (strcmp (argv[1], "--help") == 0 || strcmp (argv[1], "-h") == 0 ||
      strcmp (argv[1], "help") == 0) {
    print_help ();
    return EXIT_OK;
  }
  if (strcmp (argv[1], "--version") == 0) {
    puts ("ingest " INGEST_VERSION);
    return EXIT_OK;
  }

  const Command *command = find_command (argv[1]);
  return command != NULL ? command->run (argc - 1, argv + 1) : cmd_add (argc, argv);
}
