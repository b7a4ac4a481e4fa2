# Fits y ~ 1 + service + (1|s) + (1|d) + (1|dept) + (1|service:dept) by the R package lme4.
# Rscript crossed_ratings.R ratings.csv.gz   (prints criterion and seconds)
suppressMessages(library(lme4))
rows <- read.csv(gzfile(commandArgs(TRUE)[1]))
for (name in c("s", "d", "dept")) rows[[name]] <- factor(rows[[name]])
seconds <- system.time({
  fit <- suppressMessages(
    lmer(y ~ 1 + service + (1 | s) + (1 | d) + (1 | dept) + (1 | service:dept), rows))
  ranef(fit, condVar = TRUE)
})[["elapsed"]]
cat(sprintf("%.6f %.3f\n", REMLcrit(fit), seconds))
