# Draws files/made.csv: a made-up sample of three stages, with what the real files do not show.
# Districts are drawn in two regions, schools in each district by kind, pupils in each school.
# Fractions stand in f1, f2, f3; some values are missing; some rows weigh nothing.
# Run in this folder: Rscript made.R
set.seed(20)
rows <- list()
for (region in c("north", "south")) {
  districts <- if (region == "north") 6 else 4
  f1 <- if (region == "north") 0.25 else 0.1
  for (district in seq_len(districts)) {
    for (kind in c("day", "evening")) {
      schools <- sample(2:4, 1)
      f2 <- if (kind == "evening" && district == 1) 1 else schools / (schools + 3)
      if (kind == "evening" && district == 1) schools <- 1
      for (school in seq_len(schools)) {
        pupils <- sample(3:7, 1)
        f3 <- if (school == 2) 1 else round(pupils / 20, 2)
        mark <- round(rnorm(1, 60, 8) + rnorm(pupils, 0, 10), 1)
        mark[runif(pupils) < 0.1] <- NA
        weight <- round(1 / (f1 * f2 * f3), 6)
        rows[[length(rows) + 1]] <- data.frame(
          region, district, kind, school, pupil = seq_len(pupils), mark,
          passed = ifelse(is.na(mark), NA, ifelse(mark >= 50, "yes", "no")),
          group = sample(c("a", "b", "c"), pupils, replace = TRUE),
          weight, weight0 = weight * (runif(pupils) > 0.15), f1, f2 = round(f2, 6), f3)
      }
    }
  }
}
write.csv(do.call(rbind, rows), "files/made.csv", row.names = FALSE, quote = FALSE, na = "")
