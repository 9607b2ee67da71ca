CREATE TABLE store_revision (
 number INTEGER NOT NULL,
 at VARCHAR NOT NULL,
 PRIMARY KEY (number)
)
;;
CREATE OR REPLACE FUNCTION yunnao_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION USING MESSAGE = TG_TABLE_NAME || ' is append-only'; END $$
;;
CREATE TRIGGER store_revision_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON store_revision FOR EACH STATEMENT EXECUTE FUNCTION yunnao_append_only()
;;
CREATE TABLE audit_line (
 number INTEGER NOT NULL,
 at VARCHAR NOT NULL,
 kind VARCHAR NOT NULL,
 actor VARCHAR NOT NULL,
 details TEXT NOT NULL,
 rows TEXT NOT NULL,
 previous VARCHAR(64) NOT NULL,
 hash VARCHAR(64) NOT NULL,
 PRIMARY KEY (number)
)
;;
CREATE OR REPLACE FUNCTION yunnao_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION USING MESSAGE = TG_TABLE_NAME || ' is append-only'; END $$
;;
CREATE TRIGGER audit_line_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_line FOR EACH STATEMENT EXECUTE FUNCTION yunnao_append_only()
;;
CREATE TABLE case_matter (
 case_id VARCHAR NOT NULL,
 flow VARCHAR NOT NULL,
 policy VARCHAR NOT NULL,
 subject VARCHAR NOT NULL,
 period VARCHAR NOT NULL,
 department VARCHAR NOT NULL,
 title VARCHAR,
 line INTEGER NOT NULL,
 PRIMARY KEY (case_id)
)
;;
CREATE INDEX ix_case_matter_subject ON case_matter (subject)
;;
CREATE INDEX ix_case_matter_policy ON case_matter (policy, period)
;;
CREATE OR REPLACE FUNCTION yunnao_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION USING MESSAGE = TG_TABLE_NAME || ' is append-only'; END $$
;;
CREATE TRIGGER case_matter_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON case_matter FOR EACH STATEMENT EXECUTE FUNCTION yunnao_append_only()
;;
CREATE TABLE case_basis (
 basis_id VARCHAR NOT NULL,
 content TEXT NOT NULL,
 line INTEGER NOT NULL,
 PRIMARY KEY (basis_id)
)
;;
CREATE OR REPLACE FUNCTION yunnao_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION USING MESSAGE = TG_TABLE_NAME || ' is append-only'; END $$
;;
CREATE TRIGGER case_basis_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON case_basis FOR EACH STATEMENT EXECUTE FUNCTION yunnao_append_only()
;;
CREATE TABLE case_day (
 policy VARCHAR NOT NULL,
 period VARCHAR NOT NULL,
 day VARCHAR NOT NULL,
 line INTEGER NOT NULL,
 PRIMARY KEY (policy, period, day)
)
;;
CREATE OR REPLACE FUNCTION yunnao_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION USING MESSAGE = TG_TABLE_NAME || ' is append-only'; END $$
;;
CREATE TRIGGER case_day_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON case_day FOR EACH STATEMENT EXECUTE FUNCTION yunnao_append_only()
;;
CREATE TABLE payment_batch (
 batch_id VARCHAR NOT NULL,
 policy VARCHAR NOT NULL,
 year INTEGER NOT NULL,
 cases INTEGER NOT NULL,
 total BIGINT NOT NULL,
 file_sha256 VARCHAR(64) NOT NULL,
 line INTEGER NOT NULL,
 PRIMARY KEY (batch_id)
)
;;
CREATE OR REPLACE FUNCTION yunnao_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION USING MESSAGE = TG_TABLE_NAME || ' is append-only'; END $$
;;
CREATE TRIGGER payment_batch_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON payment_batch FOR EACH STATEMENT EXECUTE FUNCTION yunnao_append_only()
;;
CREATE TABLE case_event (
 case_id VARCHAR NOT NULL,
 seq INTEGER NOT NULL,
 step VARCHAR NOT NULL,
 from_state VARCHAR,
 to_state VARCHAR NOT NULL,
 actor VARCHAR NOT NULL,
 at VARCHAR NOT NULL,
 amount BIGINT,
 reason TEXT,
 document TEXT,
 waiting TEXT,
 basis_id VARCHAR,
 run INTEGER,
 line INTEGER NOT NULL,
 PRIMARY KEY (case_id, seq),
 FOREIGN KEY(case_id) REFERENCES case_matter (case_id)
)
;;
CREATE OR REPLACE FUNCTION yunnao_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION USING MESSAGE = TG_TABLE_NAME || ' is append-only'; END $$
;;
CREATE TRIGGER case_event_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON case_event FOR EACH STATEMENT EXECUTE FUNCTION yunnao_append_only()
;;
CREATE TABLE payment_line (
 batch_id VARCHAR NOT NULL,
 case_id VARCHAR NOT NULL,
 subject VARCHAR NOT NULL,
 name VARCHAR,
 amount BIGINT NOT NULL,
 line INTEGER NOT NULL,
 PRIMARY KEY (batch_id, case_id),
 FOREIGN KEY(batch_id) REFERENCES payment_batch (batch_id),
 FOREIGN KEY(case_id) REFERENCES case_matter (case_id)
)
;;
CREATE INDEX ix_payment_line_case_id ON payment_line (case_id)
;;
CREATE OR REPLACE FUNCTION yunnao_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION USING MESSAGE = TG_TABLE_NAME || ' is append-only'; END $$
;;
CREATE TRIGGER payment_line_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON payment_line FOR EACH STATEMENT EXECUTE FUNCTION yunnao_append_only()
;;
CREATE TABLE payment_batch_event (
 batch_id VARCHAR NOT NULL,
 seq INTEGER NOT NULL,
 kind VARCHAR NOT NULL,
 actor VARCHAR NOT NULL,
 at VARCHAR NOT NULL,
 reason TEXT,
 line INTEGER NOT NULL,
 PRIMARY KEY (batch_id, seq),
 FOREIGN KEY(batch_id) REFERENCES payment_batch (batch_id)
)
;;
CREATE OR REPLACE FUNCTION yunnao_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION USING MESSAGE = TG_TABLE_NAME || ' is append-only'; END $$
;;
CREATE TRIGGER payment_batch_event_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON payment_batch_event FOR EACH STATEMENT EXECUTE FUNCTION yunnao_append_only()
;;
CREATE TABLE filed_case (
 case_id VARCHAR NOT NULL,
 flow VARCHAR NOT NULL,
 channel VARCHAR NOT NULL,
 filing_key VARCHAR NOT NULL,
 opened_at VARCHAR NOT NULL,
 code_sha256 VARCHAR(64) NOT NULL,
 line INTEGER NOT NULL,
 PRIMARY KEY (case_id),
 UNIQUE (filing_key)
)
;;
CREATE OR REPLACE FUNCTION yunnao_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION USING MESSAGE = TG_TABLE_NAME || ' is append-only'; END $$
;;
CREATE TRIGGER filed_case_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON filed_case FOR EACH STATEMENT EXECUTE FUNCTION yunnao_append_only()
;;
CREATE TABLE filed_event (
 case_id VARCHAR NOT NULL,
 seq INTEGER NOT NULL,
 step VARCHAR NOT NULL,
 from_state VARCHAR,
 to_state VARCHAR NOT NULL,
 actor VARCHAR NOT NULL,
 at VARCHAR NOT NULL,
 department VARCHAR,
 follows VARCHAR,
 share VARCHAR,
 given TEXT NOT NULL,
 sets TEXT NOT NULL,
 words TEXT NOT NULL,
 line INTEGER NOT NULL,
 PRIMARY KEY (case_id, seq),
 FOREIGN KEY(case_id) REFERENCES filed_case (case_id)
)
;;
CREATE INDEX ix_filed_event_follows ON filed_event (follows) WHERE follows IS NOT NULL
;;
CREATE OR REPLACE FUNCTION yunnao_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION USING MESSAGE = TG_TABLE_NAME || ' is append-only'; END $$
;;
CREATE TRIGGER filed_event_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON filed_event FOR EACH STATEMENT EXECUTE FUNCTION yunnao_append_only()
;;
CREATE TABLE filed_words (
 case_id VARCHAR NOT NULL,
 place VARCHAR NOT NULL,
 text TEXT NOT NULL,
 redacted_at VARCHAR,
 PRIMARY KEY (case_id, place),
 FOREIGN KEY(case_id) REFERENCES filed_case (case_id)
)
;;
CREATE TABLE filed_person (
 case_id VARCHAR NOT NULL,
 name TEXT,
 contact TEXT,
 contact_sha256 VARCHAR(64),
 salt VARCHAR(32),
 PRIMARY KEY (case_id),
 FOREIGN KEY(case_id) REFERENCES filed_case (case_id)
)
;;
CREATE INDEX ix_filed_person_contact_sha256 ON filed_person (contact_sha256)
;;
CREATE TABLE filed_now (
 case_id VARCHAR NOT NULL,
 flow VARCHAR NOT NULL,
 state VARCHAR NOT NULL,
 closed BOOLEAN NOT NULL,
 department VARCHAR,
 attributes TEXT NOT NULL,
 opened_on VARCHAR(10) NOT NULL,
 since VARCHAR(10) NOT NULL,
 due_on VARCHAR(10),
 due_clock VARCHAR,
 provisional BOOLEAN NOT NULL,
 category VARCHAR,
 street VARCHAR,
 follows VARCHAR,
 seq INTEGER NOT NULL,
 PRIMARY KEY (case_id),
 FOREIGN KEY(case_id) REFERENCES filed_case (case_id)
)
;;
CREATE INDEX ix_filed_now_follows ON filed_now (follows)
;;
CREATE INDEX ix_filed_now_inbox ON filed_now (department, closed, due_on, case_id, flow, state, due_clock, category, street)
;;
CREATE INDEX ix_filed_now_open ON filed_now (closed, due_on, case_id, department, flow, state, due_clock, category, street)
;;
CREATE INDEX ix_filed_now_untouched ON filed_now (flow, case_id) WHERE seq = 1
;;
CREATE TABLE filed_share (
 case_id VARCHAR NOT NULL,
 department VARCHAR NOT NULL,
 since VARCHAR(10) NOT NULL,
 due_on VARCHAR(10),
 due_clock VARCHAR,
 provisional BOOLEAN NOT NULL,
 PRIMARY KEY (case_id, department),
 FOREIGN KEY(case_id) REFERENCES filed_case (case_id)
)
;;
CREATE INDEX ix_filed_share_due ON filed_share (due_on, case_id)
;;
CREATE INDEX ix_filed_share_inbox ON filed_share (department, due_on, case_id)
;;
CREATE TABLE filed_message (
 message_id VARCHAR NOT NULL,
 case_id VARCHAR NOT NULL,
 recipient VARCHAR NOT NULL,
 department VARCHAR,
 text TEXT NOT NULL,
 written_at VARCHAR NOT NULL,
 line INTEGER NOT NULL,
 PRIMARY KEY (message_id),
 FOREIGN KEY(case_id) REFERENCES filed_case (case_id)
)
;;
CREATE INDEX ix_filed_message_line ON filed_message (line, message_id)
;;
CREATE INDEX ix_filed_message_recipient ON filed_message (recipient, written_at, message_id)
;;
CREATE INDEX ix_filed_message_department ON filed_message (recipient, department, written_at, message_id)
;;
CREATE OR REPLACE FUNCTION yunnao_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION USING MESSAGE = TG_TABLE_NAME || ' is append-only'; END $$
;;
CREATE TRIGGER filed_message_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON filed_message FOR EACH STATEMENT EXECUTE FUNCTION yunnao_append_only()
;;
CREATE TABLE filed_look (
 case_id VARCHAR NOT NULL,
 at VARCHAR NOT NULL,
 actor VARCHAR NOT NULL,
 purpose VARCHAR NOT NULL,
 line INTEGER NOT NULL,
 PRIMARY KEY (case_id, at, actor),
 FOREIGN KEY(case_id) REFERENCES filed_case (case_id)
)
;;
CREATE OR REPLACE FUNCTION yunnao_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION USING MESSAGE = TG_TABLE_NAME || ' is append-only'; END $$
;;
CREATE TRIGGER filed_look_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON filed_look FOR EACH STATEMENT EXECUTE FUNCTION yunnao_append_only()
;;
CREATE TABLE filed_delivery (
 message_id VARCHAR NOT NULL,
 delivered_at VARCHAR NOT NULL,
 PRIMARY KEY (message_id),
 FOREIGN KEY(message_id) REFERENCES filed_message (message_id)
)
;;
CREATE OR REPLACE FUNCTION yunnao_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION USING MESSAGE = TG_TABLE_NAME || ' is append-only'; END $$
;;
CREATE TRIGGER filed_delivery_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON filed_delivery FOR EACH STATEMENT EXECUTE FUNCTION yunnao_append_only()
;;
CREATE TABLE filed_progress (
 name VARCHAR NOT NULL,
 value VARCHAR NOT NULL,
 PRIMARY KEY (name)
)
;;
CREATE TABLE filed_lease (
 name VARCHAR NOT NULL,
 holder VARCHAR NOT NULL,
 until VARCHAR NOT NULL,
 PRIMARY KEY (name)
)
;;
CREATE TABLE filed_looked (
 case_id VARCHAR NOT NULL,
 seq INTEGER NOT NULL,
 calendar INTEGER NOT NULL,
 next_on VARCHAR(10),
 PRIMARY KEY (case_id)
)
;;
CREATE TABLE filed_sending (
 message_id VARCHAR NOT NULL,
 status VARCHAR NOT NULL,
 tries INTEGER NOT NULL,
 due_at VARCHAR NOT NULL,
 problem VARCHAR,
 PRIMARY KEY (message_id)
)
;;
CREATE INDEX ix_filed_sending_due ON filed_sending (status, due_at, message_id)
;;
CREATE TABLE filed_erased (
 case_id VARCHAR NOT NULL,
 seq INTEGER NOT NULL,
 removed BOOLEAN NOT NULL,
 PRIMARY KEY (case_id)
)
;;
CREATE TABLE filed_calendar (
 revision INTEGER NOT NULL,
 sha256 VARCHAR(64) NOT NULL,
 document TEXT NOT NULL,
 years VARCHAR NOT NULL,
 adopted_at VARCHAR NOT NULL,
 line INTEGER NOT NULL,
 PRIMARY KEY (revision)
)
;;
CREATE OR REPLACE FUNCTION yunnao_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION USING MESSAGE = TG_TABLE_NAME || ' is append-only'; END $$
;;
CREATE TRIGGER filed_calendar_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON filed_calendar FOR EACH STATEMENT EXECUTE FUNCTION yunnao_append_only()
;;
CREATE TABLE filed_deadline_move (
 case_id VARCHAR NOT NULL,
 clock VARCHAR NOT NULL,
 run INTEGER NOT NULL,
 revision INTEGER NOT NULL,
 before VARCHAR(10),
 after VARCHAR(10),
 year INTEGER NOT NULL,
 at VARCHAR NOT NULL,
 line INTEGER NOT NULL,
 PRIMARY KEY (case_id, clock, run, revision)
)
;;
CREATE OR REPLACE FUNCTION yunnao_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION USING MESSAGE = TG_TABLE_NAME || ' is append-only'; END $$
;;
CREATE TRIGGER filed_deadline_move_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON filed_deadline_move FOR EACH STATEMENT EXECUTE FUNCTION yunnao_append_only()
;;
CREATE TABLE plan_file (
 number INTEGER NOT NULL,
 plan VARCHAR NOT NULL,
 name TEXT NOT NULL,
 sha256 VARCHAR(64) NOT NULL,
 report TEXT NOT NULL,
 report_sha256 VARCHAR(64) NOT NULL,
 loaded_at VARCHAR NOT NULL,
 actor VARCHAR NOT NULL,
 line INTEGER NOT NULL,
 PRIMARY KEY (number)
)
;;
CREATE OR REPLACE FUNCTION yunnao_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION USING MESSAGE = TG_TABLE_NAME || ' is append-only'; END $$
;;
CREATE TRIGGER plan_file_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON plan_file FOR EACH STATEMENT EXECUTE FUNCTION yunnao_append_only()
;;
CREATE TABLE plan_owner (
 target_id VARCHAR NOT NULL,
 seq INTEGER NOT NULL,
 department VARCHAR,
 found_by VARCHAR NOT NULL,
 reason TEXT NOT NULL,
 actor VARCHAR NOT NULL,
 at VARCHAR NOT NULL,
 line INTEGER NOT NULL,
 PRIMARY KEY (target_id, seq)
)
;;
CREATE OR REPLACE FUNCTION yunnao_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION USING MESSAGE = TG_TABLE_NAME || ' is append-only'; END $$
;;
CREATE TRIGGER plan_owner_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON plan_owner FOR EACH STATEMENT EXECUTE FUNCTION yunnao_append_only()
;;
CREATE TABLE plan_actual (
 area VARCHAR NOT NULL,
 series VARCHAR NOT NULL,
 kind VARCHAR NOT NULL,
 base_unit VARCHAR NOT NULL,
 period VARCHAR NOT NULL,
 covers VARCHAR NOT NULL,
 revision INTEGER NOT NULL,
 indicator TEXT NOT NULL,
 unit TEXT NOT NULL,
 value TEXT NOT NULL,
 base_value TEXT NOT NULL,
 sign VARCHAR NOT NULL,
 source TEXT NOT NULL,
 file_sha256 VARCHAR(64) NOT NULL,
 actor VARCHAR NOT NULL,
 known_at VARCHAR NOT NULL,
 line INTEGER NOT NULL,
 PRIMARY KEY (area, series, kind, base_unit, period, covers, revision)
)
;;
CREATE OR REPLACE FUNCTION yunnao_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION USING MESSAGE = TG_TABLE_NAME || ' is append-only'; END $$
;;
CREATE TRIGGER plan_actual_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON plan_actual FOR EACH STATEMENT EXECUTE FUNCTION yunnao_append_only()
;;
CREATE TABLE plan_target (
 target_id VARCHAR NOT NULL,
 revision INTEGER NOT NULL,
 file INTEGER NOT NULL,
 plan VARCHAR NOT NULL,
 withdrawn BOOLEAN NOT NULL,
 period VARCHAR NOT NULL,
 area TEXT NOT NULL,
 indicator TEXT NOT NULL,
 series TEXT NOT NULL,
 kind VARCHAR NOT NULL,
 unit TEXT NOT NULL,
 value TEXT NOT NULL,
 value_high TEXT,
 base_unit TEXT NOT NULL,
 base_value TEXT NOT NULL,
 base_high TEXT,
 sign VARCHAR NOT NULL,
 direction VARCHAR NOT NULL,
 better VARCHAR NOT NULL,
 nature VARCHAR NOT NULL,
 aspirational BOOLEAN NOT NULL,
 base_stretch TEXT,
 begins INTEGER NOT NULL,
 ends INTEGER NOT NULL,
 text_line INTEGER NOT NULL,
 section TEXT NOT NULL,
 sentence TEXT NOT NULL,
 quote TEXT NOT NULL,
 line INTEGER NOT NULL,
 PRIMARY KEY (target_id, revision),
 FOREIGN KEY(file) REFERENCES plan_file (number)
)
;;
CREATE INDEX ix_plan_target_plan ON plan_target (plan, target_id, revision)
;;
CREATE OR REPLACE FUNCTION yunnao_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION USING MESSAGE = TG_TABLE_NAME || ' is append-only'; END $$
;;
CREATE TRIGGER plan_target_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON plan_target FOR EACH STATEMENT EXECUTE FUNCTION yunnao_append_only()
