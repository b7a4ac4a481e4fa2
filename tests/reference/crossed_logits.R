# Many facets as a mixed model by the R package lme4, two categories, raters random, for Touchstone.
# Run in this folder: Rscript crossed_logits.R   (writes crossed_logits.json; needs r-cran-lme4,
# r-cran-jsonlite). lme4 approximates the integrals over ratees and raters by Laplace's method.
suppressMessages(library(lme4))
wide <- read.csv("files/sirt_ratings2.csv")
items <- paste0("k", 1:5)
long <- do.call(rbind, lapply(items, function(item) data.frame(
  ratee = factor(wide$idstud), rater = factor(wide$rater), item = item,
  high = as.integer(wide[[item]] >= 2))))
fit <- glmer(high ~ 0 + item + (1 | ratee) + (1 | rater), long, binomial,
             control = glmerControl(optimizer = "bobyqa", optCtrl = list(maxfun = 20000)))
modes <- ranef(fit, condVar = TRUE)$rater
jsonlite::write_json(list(
  log_likelihood = as.numeric(logLik(fit)), easiness = unname(fixef(fit)),
  ratee_variance = VarCorr(fit)$ratee[1, 1], rater_variance = VarCorr(fit)$rater[1, 1],
  raters = rownames(modes), leniency = modes[, 1]), "crossed_logits.json", digits = NA,
  auto_unbox = TRUE)
