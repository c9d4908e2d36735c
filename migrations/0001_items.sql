CREATE TABLE `idempotency_keys` (
	`actor` text NOT NULL,
	`key` text NOT NULL,
	`request` text NOT NULL,
	`body_sha256` text,
	`status` integer,
	`headers` text,
	`body` text,
	`expires_at` integer NOT NULL,
	PRIMARY KEY(`actor`, `key`)
);
--> statement-breakpoint
CREATE INDEX `idempotency_keys_oldest` ON `idempotency_keys` (`expires_at`);--> statement-breakpoint
CREATE TABLE `item_revisions` (
	`dataset` text NOT NULL,
	`id` text NOT NULL,
	`revision` integer NOT NULL,
	`features` text NOT NULL,
	`target` real,
	`updated_at` integer NOT NULL,
	`deleted_at` integer,
	`action` text,
	`actor` text,
	`request` text,
	PRIMARY KEY(`dataset`, `id`, `revision`)
);
--> statement-breakpoint
CREATE TABLE `outcomes` (
	`request` text PRIMARY KEY NOT NULL,
	`dataset` text NOT NULL,
	`model` text NOT NULL,
	`prediction` real NOT NULL,
	`low` real,
	`high` real,
	`coverage` real,
	`actual` real NOT NULL,
	`actor` text NOT NULL,
	`time` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `outcomes_newest` ON `outcomes` (`dataset`,`request`);--> statement-breakpoint
CREATE TABLE `staged_items` (
	`import` text NOT NULL,
	`chunk` integer NOT NULL,
	`packed` text NOT NULL,
	`staged_at` integer NOT NULL,
	PRIMARY KEY(`import`, `chunk`)
);
--> statement-breakpoint
CREATE INDEX `staged_items_oldest` ON `staged_items` (`staged_at`);--> statement-breakpoint
ALTER TABLE `items` ADD `action` text;--> statement-breakpoint
ALTER TABLE `items` ADD `actor` text;--> statement-breakpoint
ALTER TABLE `items` ADD `request` text;--> statement-breakpoint
CREATE INDEX `items_target` ON `items` (`dataset`,`target`,`id`) WHERE deleted_at is null;--> statement-breakpoint
CREATE INDEX `items_updated` ON `items` (`dataset`,`updated_at`,`id`) WHERE deleted_at is null;