# The Rasch model of the LSAT as a mixed model by the R package lme4, for Touchstone.
# Run in this folder: Rscript rasch.R   (writes rasch.json; needs r-cran-lme4, r-cran-jsonlite)
suppressMessages(library(lme4))
wide <- read.csv("files/lsat.csv")
long <- data.frame(person = factor(rep(seq_len(nrow(wide)), ncol(wide))),
                   item = factor(rep(seq_len(ncol(wide)), each = nrow(wide))),
                   right = unlist(wide))
tight <- glmerControl(optimizer = "bobyqa", optCtrl = list(rhoend = 1e-9, maxfun = 20000))
fit <- glmer(right ~ 0 + item + (1 | person), long, binomial, nAGQ = 50, control = tight)
modes <- ranef(fit)$person[, 1]
jsonlite::write_json(list(
  log_likelihood = as.numeric(logLik(fit)), variance = VarCorr(fit)$person[1, 1],
  easiness = unname(fixef(fit)), se = unname(coef(summary(fit))[, 2])),
  "rasch.json", digits = NA, auto_unbox = TRUE)
