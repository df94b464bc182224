CREATE TABLE records (
  kind TEXT NOT NULL,
  key TEXT NOT NULL,
  value NOT NULL,
  PRIMARY KEY (kind, key)
) WITHOUT ROWID;
CREATE TABLE jobs (
  job_id TEXT PRIMARY KEY,
  created_ms INTEGER NOT NULL,
  status TEXT NOT NULL,
  target_selection TEXT NOT NULL,
  namespace_id TEXT,
  concurrent INTEGER NOT NULL,
  config TEXT NOT NULL,
  progress TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX jobs_newest ON jobs (created_ms, job_id);
CREATE INDEX jobs_by_status ON jobs (status, created_ms, job_id);
CREATE INDEX jobs_concurrent ON jobs (concurrent) WHERE concurrent = 1;
CREATE TABLE job_targets (
  target_arn TEXT NOT NULL,
  job_id TEXT NOT NULL,
  PRIMARY KEY (target_arn, job_id)
) WITHOUT ROWID;
CREATE INDEX job_targets_by_job ON job_targets (job_id);
CREATE TABLE executions (
  creation INTEGER PRIMARY KEY,
  job_id TEXT NOT NULL,
  thing_name TEXT NOT NULL,
  number INTEGER NOT NULL,
  namespace_id TEXT NOT NULL,
  status TEXT NOT NULL,
  queued_ms INTEGER NOT NULL,
  started_ms INTEGER,
  updated_ms INTEGER NOT NULL,
  version INTEGER NOT NULL,
  details TEXT,
  in_progress_until_ms INTEGER,
  step_until_ms INTEGER,
  retry_attempt INTEGER NOT NULL,
  flags INTEGER NOT NULL
);
CREATE UNIQUE INDEX executions_key ON executions (job_id, thing_name, number);
CREATE INDEX executions_by_thing ON executions (thing_name);
CREATE TABLE rollout_targets (
  part INTEGER PRIMARY KEY,
  job_id TEXT NOT NULL,
  names TEXT NOT NULL
);
CREATE INDEX rollout_targets_by_job ON rollout_targets (job_id);
CREATE TABLE due (
  work TEXT PRIMARY KEY,
  due_ms INTEGER NOT NULL,
  setting INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX due_by_time ON due (due_ms, setting);
CREATE TABLE job_templates (
  job_template_id TEXT PRIMARY KEY,
  template TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE shadows (
  thing_name TEXT NOT NULL,
  shadow_name TEXT NOT NULL,
  version INTEGER NOT NULL,
  deleted_ms INTEGER,
  state TEXT,
  metadata TEXT,
  delta TEXT,
  PRIMARY KEY (thing_name, shadow_name)
);
CREATE INDEX shadows_deleted ON shadows (deleted_ms) WHERE deleted_ms IS NOT NULL;
CREATE TABLE streams (
  stream_id TEXT PRIMARY KEY,
  created_ms INTEGER NOT NULL,
  stream TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX streams_newest ON streams (created_ms, stream_id);
CREATE TABLE ota_updates (
  ota_update_id TEXT PRIMARY KEY,
  created_ms INTEGER NOT NULL,
  status TEXT NOT NULL,
  ota_update TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX ota_updates_newest ON ota_updates (created_ms, ota_update_id);
CREATE INDEX ota_updates_by_status ON ota_updates (status, created_ms, ota_update_id);
INSERT INTO records VALUES ('mqtt-delivery', '0000000000000001', '{"clientId":"C1","retain":false,"shareFilter":null,"message":"0000000000000003"}');
INSERT INTO records VALUES ('mqtt-delivery', '0000000000000002', '{"clientId":"C2","retain":false,"shareFilter":null,"message":"0000000000000003"}');
INSERT INTO records VALUES ('mqtt-message', '0000000000000003', x'000000967b22746f706963223a22612f62222c22716f73223a312c2272657461696e223a66616c73652c226578706972657341744d73223a6e756c6c2c227075626c6973686572436c69656e744964223a22707562222c2270726f70657274696573223a7b22636f6e74656e7454797065223a22746578742f706c61696e222c22636f7272656c6174696f6e44617461223a224141482f227d7d68c3a90a');
INSERT INTO records VALUES ('mqtt-session', 'C1', '{"protocolVersion":5,"expirySeconds":3600,"disconnectedAtMs":1000,"versionNumber":2,"subscriptions":[{"filter":"a/#","qos":1,"noLocal":false,"retainAsPublished":false}]}');
INSERT INTO records VALUES ('s3LinkKey', 'key', x'0001feff');
INSERT INTO records VALUES ('thing', 'T1', '{"thingName":"T1","version":1}');
INSERT INTO jobs VALUES ('J1', 1000, 'IN_PROGRESS', 'SNAPSHOT', NULL, 0, '{"jobId":"J1","jobArn":"arn:job/J1","targets":["arn:thing/T1"],"targetSelection":"SNAPSHOT","document":"{\"a\":\"ü\"}","createdAtMs":1000,"description":"it''s"}', '{"status":"IN_PROGRESS","lastUpdatedAtMs":1000,"things":{"QUEUED":0,"IN_PROGRESS":0,"SUCCEEDED":0,"FAILED":0,"TIMED_OUT":0,"REJECTED":0,"REMOVED":0,"CANCELED":0},"executed":{"SUCCEEDED":0,"FAILED":0,"REJECTED":0,"TIMED_OUT":0},"rollout":{"phase":"waiting","minuteStartMs":0,"createdInMinute":0,"ratePerMinute":0,"notified":0}}');
INSERT INTO job_targets VALUES ('arn:thing/T1', 'J1');
INSERT INTO executions VALUES (1, 'J1', 'T1', 1, '', 'QUEUED', 1000, NULL, 1000, 1, '{"step":"1"}', NULL, NULL, 0, 0);
INSERT INTO executions VALUES (2, 'J1', 'T2', 1, '', 'SUCCEEDED', 1000, NULL, 1000, 1, NULL, NULL, NULL, 0, 0);
INSERT INTO rollout_targets VALUES (1, 'J1', '' || char(10) || 'T3' || char(10) || 'T4' || char(10) || '');
INSERT INTO due VALUES ('rollout/J1', 2000, 1);
INSERT INTO job_templates VALUES ('P1', '{"jobTemplateId":"P1","jobTemplateArn":"arn:template/P1","description":"d","createdAtMs":1000,"document":"{}"}');
INSERT INTO shadows VALUES ('T1', '', 2, NULL, '{"reported":{"v":1.0}}', '{"reported":{"v":{"timestamp":1}}}', NULL);
INSERT INTO shadows VALUES ('T1', 'old', 5, 1000, NULL, NULL, NULL);
INSERT INTO streams VALUES ('S1', 1000, '{"streamId":"S1","streamArn":"arn:stream/S1","streamVersion":2,"description":"it''s ü","files":[{"fileId":0,"s3Location":{"bucket":"b","key":"k","version":"v"},"etag":"e"}],"roleArn":"arn:aws:iam::123456789012:role/R","createdAtMs":1000,"lastUpdatedAtMs":2000,"otaUpdateId":"U1"}');
INSERT INTO ota_updates VALUES ('U1', 1000, 'CREATE_COMPLETE', '{"otaUpdateId":"U1","otaUpdateArn":"arn:otaupdate/U1","createdAtMs":1000,"lastModifiedAtMs":1000,"status":"CREATE_COMPLETE","targets":["arn:thing/T1"],"protocols":["MQTT"],"targetSelection":"SNAPSHOT","config":{"description":"d"},"files":[{"file":{"fileName":"a"},"signature":"c2ln"}],"awsIotJobId":"AFR_OTA-U1","awsIotJobArn":"arn:job/AFR_OTA-U1","madeStreamId":"S1"}');
PRAGMA application_id = 1299412082;
PRAGMA user_version = 5;
