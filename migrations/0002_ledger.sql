CREATE TABLE `model_deletions` (
	`dataset` text NOT NULL,
	`model` text NOT NULL,
	`actor` text NOT NULL,
	`request` text NOT NULL,
	`started_at` integer NOT NULL,
	`finished_at` integer,
	PRIMARY KEY(`dataset`, `model`)
);
--> statement-breakpoint
CREATE TABLE `shadow_prices` (
	`dataset` text NOT NULL,
	`request` text NOT NULL,
	`champion` text NOT NULL,
	`challenger` text NOT NULL,
	`champion_price` real NOT NULL,
	`challenger_price` real,
	`fault` text,
	PRIMARY KEY(`dataset`, `request`)
);
--> statement-breakpoint
ALTER TABLE `alias_history` ADD `kind` text DEFAULT 'move' NOT NULL;--> statement-breakpoint
ALTER TABLE `alias_history` ADD `restores` integer;--> statement-breakpoint
CREATE INDEX `alias_history_model` ON `alias_history` (`dataset`,`model`);