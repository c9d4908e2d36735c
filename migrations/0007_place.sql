ALTER TABLE `items` ADD `cell` integer;--> statement-breakpoint
CREATE INDEX `items_place` ON `items` (`dataset`,`match_key`,`cell`,`near`,`deleted_at`) WHERE deleted_at is null and cell is not null;