CREATE TABLE `alias_history` (
	`dataset` text NOT NULL,
	`alias` text NOT NULL,
	`revision` integer NOT NULL,
	`model` text NOT NULL,
	`previous` text,
	`reason` text NOT NULL,
	`gate` text,
	`actor` text NOT NULL,
	`request` text NOT NULL,
	`time` integer NOT NULL,
	PRIMARY KEY(`dataset`, `alias`, `revision`)
);
--> statement-breakpoint
CREATE TABLE `aliases` (
	`dataset` text NOT NULL,
	`alias` text NOT NULL,
	`model` text NOT NULL,
	`revision` integer NOT NULL,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`dataset`, `alias`)
);
--> statement-breakpoint
CREATE TABLE `datasets` (
	`name` text PRIMARY KEY NOT NULL,
	`title` text NOT NULL,
	`version` integer NOT NULL,
	`spec` text NOT NULL,
	`spec_hash` text NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `items` (
	`dataset` text NOT NULL,
	`id` text NOT NULL,
	`features` text NOT NULL,
	`target` real,
	`match_key` text,
	`near` real,
	`revision` integer NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	`deleted_at` integer,
	PRIMARY KEY(`dataset`, `id`)
);
--> statement-breakpoint
CREATE INDEX `items_similar` ON `items` (`dataset`,`match_key`,`near`,`id`) WHERE deleted_at is null;--> statement-breakpoint
CREATE TABLE `models` (
	`dataset` text NOT NULL,
	`id` text NOT NULL,
	`bundle` text NOT NULL,
	`family` text NOT NULL,
	`title` text NOT NULL,
	`params` text NOT NULL,
	`spec_hash` text NOT NULL,
	`data_sha256` text NOT NULL,
	`seed` integer NOT NULL,
	`code` text NOT NULL,
	`metrics` text NOT NULL,
	`files` text NOT NULL,
	`trained_at` text NOT NULL,
	`published_at` integer NOT NULL,
	PRIMARY KEY(`dataset`, `id`)
);
--> statement-breakpoint
CREATE INDEX `models_newest` ON `models` (`dataset`,`published_at`,`id`);--> statement-breakpoint
CREATE TABLE `requests` (
	`id` text PRIMARY KEY NOT NULL,
	`time` integer NOT NULL,
	`method` text NOT NULL,
	`route` text NOT NULL,
	`path` text NOT NULL,
	`dataset` text,
	`status` integer NOT NULL,
	`latency_ms` real NOT NULL,
	`model_id` text,
	`request_body` text,
	`response_body` text,
	`client` text
);
