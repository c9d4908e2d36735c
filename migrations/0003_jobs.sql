CREATE TABLE `job_events` (
	`job` text NOT NULL,
	`sequence` integer NOT NULL,
	`time` integer NOT NULL,
	`type` text NOT NULL,
	`data` text NOT NULL,
	PRIMARY KEY(`job`, `sequence`)
);
--> statement-breakpoint
CREATE TABLE `jobs` (
	`id` text PRIMARY KEY NOT NULL,
	`kind` text NOT NULL,
	`dataset` text NOT NULL,
	`params` text NOT NULL,
	`state` text NOT NULL,
	`attempt` integer NOT NULL,
	`lease` text,
	`lease_expires_at` integer,
	`worker` text,
	`cancel_requested_at` integer,
	`progress` text,
	`result` text,
	`error` text,
	`actor` text NOT NULL,
	`idempotency_key` text,
	`slice` integer,
	`sent` integer,
	`work` text,
	`created_at` integer NOT NULL,
	`started_at` integer,
	`updated_at` integer NOT NULL,
	`finished_at` integer
);
--> statement-breakpoint
CREATE INDEX `jobs_open` ON `jobs` (`kind`,`id`) WHERE finished_at is null;--> statement-breakpoint
CREATE INDEX `jobs_of_dataset` ON `jobs` (`dataset`,`kind`,`id`);--> statement-breakpoint
CREATE UNIQUE INDEX `jobs_asked_once` ON `jobs` (`actor`,`idempotency_key`) WHERE idempotency_key is not null;