-- The roles of a Clientele database, and its ownership. Run it as a superuser, connected to the database that Clientele
-- is to have; run it again to change passwords or after an upgrade. Which role may do what with which table is set by
-- `clientele migrate`; the table is src/privileges.ts.
--
--   clientele_owner      owns the database and every table in it; migrates; does not serve     MIGRATION_DATABASE_URL
--   clientele_appender   a group: reads, appends events, owns nothing
--   clientele_service    logs in for the service, a member of clientele_appender               DATABASE_URL
--   clientele_reader     a group: reads what audits and reports need, no keys and no tokens
--   clientele_report     logs in for reports, a member of clientele_reader
--
-- Passwords are settings of the session, so that they are in no statement and in no log of the server:
--
--   PGOPTIONS='-c clientele.owner_password=… -c clientele.service_password=… -c clientele.report_password=…' \
--     psql --dbname=clientele --file=deploy/postgres/roles.sql
--
-- A role that exists keeps its password when none is given. A second login for the service, e.g. while its password
-- changes: create role clientele_service_b login password '…' in role clientele_appender.

do $roles$
declare
  login record;
  given text;
begin
  for login in
    select * from (values
      ('clientele_owner', 'owner_password'),
      ('clientele_service', 'service_password'),
      ('clientele_report', 'report_password')
    ) as l (name, setting)
  loop
    given := nullif(current_setting('clientele.' || login.setting, true), '');
    if to_regrole(login.name) is null then
      if given is null then
        raise exception 'the role % is new and needs a password: set clientele.%', login.name, login.setting;
      end if;
      execute format('create role %I', login.name);
    end if;
    execute format('alter role %I login nosuperuser nocreatedb nocreaterole noreplication nobypassrls', login.name);
    if given is not null then
      execute format('alter role %I password %L', login.name, given);
    end if;
  end loop;

  if to_regrole('clientele_appender') is null then create role clientele_appender; end if;
  if to_regrole('clientele_reader') is null then create role clientele_reader; end if;
  grant clientele_appender to clientele_service;
  grant clientele_reader to clientele_report;

  execute format('alter database %I owner to clientele_owner', current_database());
  execute format('revoke all on database %I from public', current_database());
  execute format('grant connect on database %I to clientele_appender, clientele_reader', current_database());
  alter schema public owner to clientele_owner;
  revoke all on schema public from public;
  grant usage on schema public to clientele_appender, clientele_reader;
end
$roles$;
