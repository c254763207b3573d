-- Records of repeating item groups that came without ItemGroupRepeatKey: only their place among their siblings tells them
-- apart, so that an update can name another than is meant. Staged shows the place instead; only state tells that no key
-- was sent.
SELECT g.identity AS _row
FROM state.item_group_data AS g
JOIN raw.dictionary AS d ON d.code = g.item_group_code
JOIN meta.item_group AS t ON t.item_group_oid = d.text
WHERE t.repeating = 'Yes' AND g.repeat_key_code = 0
